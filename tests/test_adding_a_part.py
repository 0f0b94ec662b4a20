"""The part in `docs/adding-a-part.md` is built from that page alone, and walked through."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

from tests import migrated
from tests.sources import ROOT, app_folders
from tests.test_translations import Text, _extract, _forms, _messages
from tests.test_translations import _catalogue as _catalogue_of
from tests.test_words import _found

PAGE = ROOT / "docs" / "adding-a-part.md"
BLOCK = re.compile(r"^`([\w./]+)`\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PART, CATALOGUE = "lost_property", "lost_property/locale/zh_Hans/LC_MESSAGES/django.po"
LINT = (
    "--config",
    "pyproject.toml",
    "--config",
    "lint.isort.known-first-party=['bihuan', 'tests']",
)

# The settings of the page, with the worthless secrets and cheap hashes of the tests.
SETTINGS = """
from tests.settings import *
from house.settings import INSTALLED_APPS
"""
CONFTEST = '''
import pytest


@pytest.fixture(scope="session")
def django_db_setup():
    """The database has been migrated, as the page says."""
'''


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files of the page, and a database with the schema of bihuan."""
    folder = tmp_path_factory.mktemp("project")
    for name, content in BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    for package in (PART, f"{PART}/migrations", "house"):
        (folder / package / "__init__.py").touch()
    with (folder / CATALOGUE).with_suffix(".mo").open("wb") as compiled:
        write_mo(compiled, _catalogue(folder))
    (folder / "trial.py").write_text(SETTINGS)
    (folder / "conftest.py").write_text(CONFTEST)
    shutil.copy(ROOT / "tests" / "walked_part.py", folder / "test_walk.py")
    own = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (folder / "pyproject.toml").write_text(own.replace('"tests.settings"', '"trial"'))
    migrated.fill(f"{migrated.SQLITE}{folder}/bihuan.sqlite3")
    return folder


def _catalogue(folder: Path) -> Catalog:
    with (folder / CATALOGUE).open("rb") as file:
        return read_po(file, locale="zh_Hans", abort_invalid=True)


def _clashes(messages: list[Message]) -> dict[str, str]:
    """The texts that an app of the project translates in another way."""
    values = {
        (message.context, message.id): message.string
        for app in app_folders()
        for message in _messages(_catalogue_of(app))
    }
    ours = {(message.context, message.id): str(message.string) for message in messages}
    return {str(text): words for text, words in ours.items() if values.get(text, words) != words}


def _run(project: Path, *command: str) -> None:
    own = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("BIHUAN_", "PYTEST_"))
    }
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=project,
        env=own
        | {
            "PYTHONPATH": f"{project}{os.pathsep}{ROOT}",
            "MYPYPATH": str(ROOT),
            "DJANGO_SETTINGS_MODULE": "trial",
            "BIHUAN_VAR": f"{project}/var",
            "BIHUAN_DATABASE_URL": f"{migrated.SQLITE}{project}/bihuan.sqlite3",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_its_code_passes_the_lint_and_is_formatted(project: Path) -> None:
    _run(project, "ruff", "check", *LINT, PART, "tests")
    _run(project, "ruff", "format", "--check", *LINT, PART, "tests")


@pytest.mark.slow
def test_its_types_are_right(project: Path) -> None:
    _run(project, "mypy", "--config-file", "pyproject.toml", PART)


@pytest.mark.slow
def test_it_is_installed_and_walked_through(project: Path) -> None:
    _run(project, "django", "makemigrations", "--check", "--dry-run")
    _run(project, "django", "migrate", "--verbosity", "0")
    _run(project, "pytest", "-q", "-p", "tests.conftest", "-p", "no:cacheprovider", ".")


def test_its_texts_are_plain_and_each_has_a_translation(project: Path) -> None:
    texts: set[Text] = set()
    for path in (project / PART).rglob("*.py"):
        texts |= _extract(path.read_bytes())
    for path in (project / PART).rglob("*.html"):
        marked = templatize(path.read_text(), origin=str(path))
        texts |= _extract("\n".join(line.strip() for line in marked.splitlines()).encode())

    messages = [message for message in _catalogue(project) if message.id]

    assert {(message.context or "", _forms(message.id)) for message in messages} == texts
    assert all(message.string and not message.fuzzy for message in messages)
    assert _clashes(messages) == {}
    assert [words for _, forms in texts for form in forms if (words := _found(form))] == []
