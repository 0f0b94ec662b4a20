"""The tour of the code is true: what it links to is there, and its path can be walked."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from babel.messages.pofile import read_po
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bihuan.cases.actions import evidence
from bihuan.cases.models import Case
from bihuan.core.hazard import Move
from bihuan.journal.models import Entry
from bihuan.journal.queries import verify
from tests.clock import PRESENT
from tests.factories import Cast, make_cast, make_photo, make_unit
from tests.sources import ROOT, files_under

DOCS = ROOT / "docs"
TOUR = DOCS / "tour.md"
LINK = re.compile(r"\[([^\]\n]+)\]\(([^)#\s]+)[^)]*\)")
CODE = re.compile(r"`(?:\w+\.)?(\w+)`")


def _links(page: Path) -> list[tuple[str, Path]]:
    """What stands between the brackets, and the file behind it."""
    found = LINK.findall(page.read_text(encoding="utf-8"))
    return [(text, (page.parent / to)) for text, to in found if "://" not in to]


def _names(file: Path) -> Iterator[str]:
    """Whatever a Python file defines: functions, methods, classes and constants."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.Assign(targets=targets):
                yield from (each.id for each in targets if isinstance(each, ast.Name))
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield name


PAGES = [path for path in files_under(ROOT, ".md") if path.parent == ROOT or DOCS in path.parents]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_file_that_a_document_links_to_is_there(page: Path) -> None:
    assert [str(file) for _, file in _links(page) if not file.exists()] == []


def test_every_name_in_the_tour_is_in_the_file_that_it_links_to() -> None:
    named = [
        (code[1], file)
        for text, file in _links(TOUR)
        if file.suffix == ".py" and (code := CODE.fullmatch(text))
    ]

    assert len(named) > 40
    assert [(name, file.name) for name, file in named if name not in set(_names(file))] == []


def test_the_map_has_the_layers_of_the_import_contract() -> None:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = {each["id"]: each for each in config["tool"]["importlinter"]["contracts"]}
    layers = [
        {name.strip("() ") for name in layer.split("|")} for layer in contracts["apps"]["layers"]
    ]

    block = TOUR.read_text(encoding="utf-8").split("## The map\n\n```\n")[1].split("```")[0]
    drawn = [set(re.split(r" {2,}", line)[0].split(" · ")) for line in block.splitlines()]

    assert drawn == layers


# -------------------------------------------------------------------- the path
def _steps() -> list[tuple[str, ...]]:
    """The table at the head of the tour: act, role, stage, clocks."""
    lines = TOUR.read_text(encoding="utf-8").split("\n\n")[2].splitlines()
    return [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines[2:]]


Answers = Mapping[str, Callable[[Cast], dict[str, Any]]]

ANSWERS: Answers = {
    Move.CONFIRM: lambda cast: {"grade": "general"},
    Move.ASSIGN: lambda cast: {
        "post": cast.post.pk,
        "measures": "清理通道，划定禁放区。",
        "budget": "300",
        "deadline_date": (timezone.localdate(PRESENT) + timedelta(days=15)).isoformat(),
        "contingency": "清理前安排专人值守。",
    },
    Move.START: lambda cast: {},
    Move.SUBMIT: lambda cast: {"note": "已清理。", "photos": [make_photo()]},
    Move.VERIFY: lambda cast: {"note": "现场查看属实。"},
    Move.CLOSE: lambda cast: {},
    Move.RECHECK: lambda cast: {"note": "未反弹。"},
}


def _report(client: Client, cast: Cast) -> Case:
    given = {
        "form_key": str(uuid4()),
        "unit": cast.post.unit.pk,
        "title": "安全出口被杂物堵住",
        "place": "文化活动中心",
        "found_date": timezone.localdate(PRESENT).isoformat(),
    }
    client.post(reverse("hazards:report-hazard"), {**given, "photos": [make_photo()]})
    return Case.objects.latest("pk")


def _make(client: Client, case: Case, move: str, cast: Cast) -> None:
    seen = " ".join(evidence.shown_fix(case))
    given = {"version": case.version, "seen": seen, **ANSWERS[move](cast)}
    response = client.post(reverse("desk:move", args=[case.number, move]), given)
    assert response.status_code == 302, response.content.decode()


def _running(case: Case) -> str:
    clocks = case.clocks.filter(stopped_at=None).order_by("rule_id")
    return ", ".join(clocks.values_list("rule_id", flat=True))


@pytest.mark.django_db
def test_the_path_of_the_tour_leads_from_the_report_to_the_closure_and_beyond(
    client: Client,
) -> None:
    cast = make_cast(make_unit(make_unit()))
    walked = []

    for act, role, _stage, _clocks in _steps():
        client.force_login(getattr(cast, role))
        if act == Move.REPORT:
            case = _report(client, cast)
        else:
            _make(client, case, act, cast)
        case.refresh_from_db()
        walked.append((act, role, case.stage, _running(case)))

    assert walked == _steps()
    written = Entry.objects.filter(chain__subject=case.subject).order_by("seq")
    assert list(written.values_list("act", flat=True)) == [act for act, *_ in _steps()]
    assert len({entry.actor for entry in written}) == 4
    assert verify().ok


# ------------------------------------------------------------ the officer's handbook
def test_every_word_that_the_handbook_quotes_from_a_page_is_a_word_of_the_pages() -> None:
    quoted = re.findall(r"【([^】]+)】", (DOCS / "officer.zh.md").read_text(encoding="utf-8"))
    words = set()
    for file in (ROOT / "bihuan").glob("*/locale/zh_Hans/LC_MESSAGES/django.po"):
        with file.open("rb") as opened:
            words |= {str(message.string) for message in read_po(opened, "zh_Hans")}

    assert len(quoted) > 80
    assert [each for each in quoted if each not in words] == []
