"""A third language is only a set of catalogues: no code or template asks for a certain language."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from django.test import Client
from django.utils.translation import override

from bihuan import formats, languages
from bihuan.core.rules import Bilingual
from bihuan.environment import languages_of
from tests.factories import make_case, make_cast, make_unit
from tests.sources import ROOT, app_folders, files_under
from tests.test_translations import _catalogue, _forms, _messages

TOY = "eo"
CODES = {"zh", "en", "zh-hans", "zh_Hans", "zh-Hans", "zh-cn", "en-gb"}
# Names of things, languages and keys, which no catalogue translates.
NAMES = {"bihuan", "English", "Esperanto", "Ctrl K", "Ctrl", "K", "Enter", "CN", "Shift"}


def _conditions(code: str) -> Iterator[int]:
    """The lines on which code compares with a language."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Compare):
            said = [node.left, *node.comparators]
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "startswith":
            said = list(node.args)
        else:
            continue
        if any(isinstance(each, ast.Constant) and each.value in CODES for each in said):
            yield node.lineno


def test_no_code_asks_for_a_certain_language() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in files_under(ROOT / "bihuan", ".py")
        for line in _conditions(path.read_text())
    ]

    assert found == []


def test_no_template_or_script_asks_for_a_certain_language() -> None:
    asked = re.compile(rf"""[!=]=+ *["']({"|".join(CODES)})["']""")

    found = [
        str(path.relative_to(ROOT))
        for path in files_under(ROOT / "bihuan", ".html", ".txt", ".js")
        if asked.search(path.read_text())
    ]

    assert found == []


def test_a_condition_on_a_language_is_found() -> None:
    code = 'a = x == "en"\nb = y.startswith("zh")\nc = names["zh"]\nd = z in ("de", "fr")\n'

    assert sorted(_conditions(code)) == [1, 2]


def test_languages_are_those_that_have_catalogues(tmp_path: Path) -> None:
    for name in ("zh_Hans", "eo", "tlh"):
        (tmp_path / name / "LC_MESSAGES").mkdir(parents=True)

    found = languages_of(tmp_path)

    assert found == [
        ("eo", "Esperanto"),
        ("tlh", "tlh"),
        ("zh-hans", "简体中文"),
        ("en", "English"),
    ]


@pytest.fixture
def toy(tmp_path: Path, settings: Any) -> None:
    """Catalogues of a language in which every text, of code and of data, is itself in brackets."""
    merged = Catalog(locale=TOY)
    for app in app_folders():
        for message in _messages(_catalogue(app)):
            forms = _forms(message.id)
            words = tuple(f"⟦{form}⟧" for form in forms)
            merged.add(message.id, words if len(forms) > 1 else words[0], context=message.context)
    for path in files_under(ROOT / "bihuan", ".toml"):
        for text in re.findall(r'\ben = "([^"]+)"', path.read_text()):
            merged.add(text, f"⟦{text}⟧")
    folder = tmp_path / TOY / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "django.mo").open("wb") as file:
        write_mo(file, merged)
    settings.LANGUAGES = [*settings.LANGUAGES, (TOY, "Esperanto")]
    settings.LOCALE_PATHS = [tmp_path]


@pytest.mark.django_db
@pytest.mark.usefixtures("toy")
@pytest.mark.parametrize(
    "path", ["/", "/report/", "/sign-in/", "/desk/", "/desk/cases/", "/desk/account/", "case"]
)
def test_pages_are_in_a_language_that_has_only_catalogues(client: Client, path: str) -> None:
    cast = make_cast(make_unit(name="云溪县"))
    case = make_case(cast.post.unit)
    if path not in ("/", "/report/", "/sign-in/"):
        client.force_login(cast.coordinator)
    client.cookies["bihuan_language"] = TOY

    page = client.get(case.get_absolute_url() if path == "case" else path).content.decode()

    assert f'<html lang="{TOY}"' in page
    body = re.sub(r"<(script|style|svg|pre).*?</\1>", "", page.partition("<body")[2], flags=re.S)
    # A telephone number in a sentence is a link.
    body = re.sub(r'<a href="tel:[^>]*>([^<]*)</a>', r"\1", body)
    texts = {unescape(text).strip() for text in re.findall(r">([^<>]+)<", body)}
    plain = {text for text in texts if re.search(r"[A-Za-z]{2}", text) and "⟦" not in text}
    assert {text for text in plain if text not in NAMES and not _is_data(text)} == set()
    assert len([text for text in texts if "⟦" in text]) > 10


def _is_data(text: str) -> bool:
    """Numbers of cases, names of sign-ins, and dates as the language formats them."""
    return bool(re.fullmatch(r"[A-Z]{2}-\d{4}-\d{6}|member\d+|.*\d{4}.*|.*\d\d:\d\d.*", text))


@pytest.mark.usefixtures("toy")
def test_data_is_in_the_catalogue_or_in_english() -> None:
    with override(TOY):
        assert languages.of(Bilingual("默认", "Project default")) == "⟦Project default⟧"
        assert languages.of(Bilingual("没有", "Not in any catalogue")) == "Not in any catalogue"
        assert languages.name("云溪县", "") == "云溪县"
        assert languages.name("云溪县", "Yunxi County") == "Yunxi County"


@pytest.mark.parametrize(
    ("language", "day", "money"),
    [("eo", "2026-Sep-02", "¥1,200"), ("fr", "2 sept. 2026", "¥1\u202f200"), ("xx", "2 Sep", "¥")],
)
def test_values_are_formatted_in_every_language(language: str, day: str, money: str) -> None:
    with override(language):
        assert formats.day(date(2026, 9, 2)).startswith(day)
        assert formats.money(1200).replace("\xa0", ",").startswith(money)
        assert formats.length(3, "day")
        assert formats.names("ab") == "a, b"
