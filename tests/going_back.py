"""Tables taken back to what earlier migrations made of them, and forward again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.db.migrations import RunPython
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState

# Goes back, and gives the models as they were then.
Migrate = Callable[[], Any]


@contextmanager
def going_back(to: Sequence[tuple[str, str]]) -> Iterator[Migrate]:
    """Takes the tables back to these migrations when told; afterwards they are as they are now."""

    def back() -> Any:
        with _few_models_made():
            return MigrationExecutor(connection).migrate(list(to)).apps

    yield back
    go_on()


def go_on() -> None:
    executor = MigrationExecutor(connection)
    with _few_models_made():
        executor.migrate(executor.loader.graph.leaf_nodes())


@contextmanager
def _few_models_made() -> Iterator[None]:
    """Let a constraint, a column or a new model rebuild one class, not those around it.

    Django makes about a hundred for each of hundreds of operations, almost all the time of such a
    test. The change of a table needs only the model that it belongs to; what could be asked of the
    models around it asks to rebuild all of them.
    """
    reload, alter = ProjectState.reload_model, ProjectState.alter_model_options
    run_back = RunPython.database_backwards

    def reload_model(state: Any, app_label: str, name: str, delay: bool = True) -> None:
        if not delay:  # a key, or what keys point to
            reload(state, app_label, name, delay=False)
        elif "apps" in state.__dict__:
            state.is_delayed = True
            state._reload({(app_label, name)})

    def alter_model_options(state: Any, app_label: str, name: str, *options: Any) -> None:
        alter(state, app_label, name, *options)
        state.reload_models([(app_label, name)])  # keys name the table that it has now

    def database_backwards(operation: Any, app: str, editor: Any, before: Any, after: Any) -> None:
        before.clear_delayed_apps_cache()  # as on the way forward
        run_back(operation, app, editor, before, after)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ProjectState, "reload_model", reload_model)
        patch.setattr(ProjectState, "alter_model_options", alter_model_options)
        patch.setattr(RunPython, "database_backwards", database_backwards)
        yield
