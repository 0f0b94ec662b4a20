"""Ledgers as offices really send them: every file ends as its README says.

One test or more for each file, named after it; `tests/data/ledgers_found/README.md` says what is
in each.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from bihuan.ledgers.actions.results import Result
from bihuan.orgs.management.commands import load_district
from bihuan.orgs.models import Unit
from tests.ledgers.books import take

pytestmark = pytest.mark.django_db

FOUND = Path(__file__).parents[1] / "data/ledgers_found"
DISTRICT = Path(load_district.__file__).parents[2] / "data/demo_district.toml"


@pytest.fixture
def county() -> Unit:
    """The demo county 云榆县, with all its units, posts and officers."""
    call_command("load_district", str(DISTRICT), verbosity=0)
    return Unit.objects.get(code="530499")


def read_in(name: str, county: Unit, **how: Any) -> Result:
    return take(FOUND / name, county, **how)


def refused_at(result: Result) -> list[str]:
    """Where and why rows were refused, as `F2: …`."""
    return [reason for _row, _column, reason in result.errors]


def test_every_file_is_spoken_of() -> None:
    described = (FOUND / "README.md").read_text(encoding="utf-8")
    files = {path.name for path in FOUND.iterdir()} - {"README.md"}

    assert files
    assert not [name for name in files if name not in described]
