"""Packages for the archive as an operator makes them."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from bihuan.cases.models import Case
from tests.cases.public import told
from tests.factories import NOW
from tests.retention.scene import Scene, end


def grievance(scene: Scene, **values: Any) -> Case:
    return end(told(scene.unit, now=NOW, kind="grievance", **values).case)


def archive(*words: object) -> tuple[int, str]:
    out, err = StringIO(), StringIO()
    with translation.override("en"):
        try:
            call_command("archive", *map(str, words), stdout=out, stderr=err)
        except SystemExit as stopped:
            return int(stopped.code or 0), out.getvalue()
    return 0, out.getvalue()


def refused(*words: object) -> str:
    with pytest.raises(CommandError) as refusal:
        archive(*words)
    return str(refusal.value)


def read(folder: Path, place: str = "cases/000001") -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "data" / place / "case.json").read_text("utf-8"))
    return found


def lines(path: Path) -> list[str]:
    return path.read_text("utf-8").splitlines()
