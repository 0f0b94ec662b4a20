"""Every text that a person reads is there in Chinese, in the catalogue of the app that says it."""

import ast
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

from tests.sources import ROOT, app_folders, files_under

KEYWORDS: dict[str, Any] = dict(DEFAULT_KEYWORDS) | {
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PLACE = re.compile(r"%\(\w+\)[sd]|\{\w*\}")

# Which text with which plural, if it counts, and in which context: "open" as a state is not "open"
# as a button.
Text = tuple[str, tuple[str, ...]]

APPS = pytest.mark.parametrize("app", app_folders(), ids=lambda folder: folder.name)


def _texts_of(app: Path) -> set[Text]:
    """The texts that an app's code and templates mark for translation."""
    texts = set()
    for path in files_under(app, ".py"):
        texts |= _extract(path.read_bytes())
    for path in files_under(app / "templates", ".html", ".txt"):
        marked = templatize(path.read_text(), origin=str(path))
        # What is left of a template's own indentation means nothing in Python.
        flat = "\n".join(line.strip() for line in marked.splitlines())
        texts |= _extract(flat.encode())
    return texts


def _extract(code: bytes) -> set[Text]:
    found = extract("python", BytesIO(code), keywords=KEYWORDS)
    return {(context or "", _forms(texts)) for _line, texts, _comments, context in found}


def _catalogue(app: Path) -> Catalog:
    path = app / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
    if not path.exists():
        return Catalog(locale="zh_Hans", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale="zh_Hans", abort_invalid=True)


def _messages(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def _forms(text: Any) -> tuple[str, ...]:
    """A text, or its singular and plural."""
    return (text,) if isinstance(text, str) else tuple(text)


@APPS
def test_the_catalogue_has_every_text_of_the_app_and_no_other(app: Path) -> None:
    catalogue = _catalogue(app)

    values = {(message.context or "", _forms(message.id)) for message in _messages(catalogue)}

    assert values == _texts_of(app)
    assert not catalogue.obsolete


@APPS
def test_every_text_is_translated_and_no_translation_is_a_guess(app: Path) -> None:
    catalogue = _catalogue(app)

    unfinished = [
        message.id
        for message in _messages(catalogue)
        if message.fuzzy or not all(_forms(message.string))
    ]

    assert unfinished == []
    assert not catalogue.fuzzy


@APPS
def test_a_translation_fills_the_same_places_as_the_text(app: Path) -> None:
    different = [
        message.id
        for message in _messages(_catalogue(app))
        for form in _forms(message.string)
        if set(PLACE.findall(form)) != set(PLACE.findall(_forms(message.id)[-1]))
    ]

    assert different == []


def test_texts_are_found_in_code_and_in_templates() -> None:
    code = 'from x import pgettext_lazy as p\n_("one")\nngettext("two", "twos", 2)\n'
    template = templatize('<p>\n    {% translate "three" context "c" %}\n  </p>{{ _("four") }}')

    flat = "\n".join(line.strip() for line in template.splitlines())

    assert _extract(code.encode()) == {("", ("one",)), ("", ("two", "twos"))}
    assert _extract(flat.encode()) == {("c", ("three",)), ("", ("four",))}


def test_a_text_says_the_same_in_every_app() -> None:
    """Django puts all catalogues into one, so that the first app's words stand everywhere."""
    values: dict[Text, dict[str, str]] = {}
    for app in app_folders():
        for message in _catalogue(app):
            text = _forms(message.id)
            if text[0]:
                known = values.setdefault((message.context or "", text), {})
                known[app.name] = str(message.string)

    clashes = {text: apps for text, apps in values.items() if len(set(apps.values())) > 1}
    assert not clashes, "give one of them a context"


# Words for which the glossary has another, in Chinese; an envelope may be 密封, an identity is not.
STRAY = {"密封": "封存", "拆封": "启封", "案件": "事项", "小票": "回执", "凭条": "回执"}
ENVELOPE = "请密封交给当事人"


@APPS
def test_a_term_has_the_word_of_the_glossary(app: Path) -> None:
    found = [form for each in _catalogue(app) for form in _forms(each.string)]

    stray = [text for text in found if any(word in text.replace(ENVELOPE, "") for word in STRAY)]

    assert stray == []


GETTEXT = {"_", "gettext", "gettext_lazy", "ngettext", "pgettext", "pgettext_lazy", "npgettext"}


@APPS
def test_no_text_is_marked_within_an_f_string(app: Path) -> None:
    """Nothing extracts it from there, so the catalogue would lack it unnoticed."""
    marked = [
        f"{path}:{call.lineno}"
        for path in files_under(app, ".py")
        for call in _calls_within_f_strings(path.read_text())
    ]

    assert marked == []


def _calls_within_f_strings(code: str) -> Iterator[ast.Call]:
    for string in ast.walk(ast.parse(code)):
        if isinstance(string, ast.JoinedStr):
            for each in ast.walk(string):
                if isinstance(each, ast.Call) and getattr(each.func, "id", "") in GETTEXT:
                    yield each


def test_a_text_within_an_f_string_is_seen() -> None:
    found = _calls_within_f_strings("f\"{n}: {_('Decided.')}\" + _('seen') + f'{n}'")

    assert len(list(found)) == 1


@APPS
def test_no_template_puts_a_text_between_brackets_of_its_own(app: Path) -> None:
    """They would be narrow ones in Chinese: the brackets belong to the text."""
    bracketed = [
        str(path)
        for path in files_under(app / "templates", ".html")
        if re.search(r"\(\{% (block)?translate", path.read_text())
    ]

    assert bracketed == []


# Between Chinese characters, and between one and a value; a date or time may have its own.
NARROW = re.compile(
    r"[\u4e00-\u9fff甲][,;:!?()\"'](?!//)|[,;:!?()\"'][\u4e00-\u9fff甲]|[\u4e00-\u9fff]\.(?!\w)"
)
OF_COMMANDS = re.compile(r"（?bihuan [\w -]+）?|<[^>]*>|https?://\S*")
INFORMAL = "你"


def _plain(text: str) -> str:
    """A translation whose placeholders are Chinese words, without markup and commands."""
    return re.sub(r"%\(\w+\)[sd]|%[sd]|\{\w*\}", "甲", OF_COMMANDS.sub("", text))


@APPS
def test_a_translation_has_chinese_punctuation(app: Path) -> None:
    found = [form for each in _messages(_catalogue(app)) for form in _forms(each.string)]

    assert [text for text in found if NARROW.search(_plain(text))] == []


@pytest.mark.parametrize(
    ("text", "is_narrow"),
    [
        ("已保存.", True),
        ("请核对:%(name)s", True),
        ("%(count)d 件,已办结", True),
        ('视图"%(name)s"', True),
        ("隐患(重大)", True),
        ("视图“%(name)s”已保存。", False),
        ("2026-09-02 15:04，版本 2.1", False),
        ("见 https://example.org/a?b", False),
    ],
)
def test_narrow_punctuation_is_found(text: str, is_narrow: bool) -> None:
    assert bool(NARROW.search(_plain(text))) is is_narrow


@APPS
def test_a_translation_addresses_the_reader_politely(app: Path) -> None:
    found = [form for each in _catalogue(app) for form in _forms(each.string)]

    assert [text for text in found if INFORMAL in text] == []


def test_rules_and_columns_address_the_reader_politely_with_chinese_punctuation() -> None:
    """Texts in both languages that are data: procedures, columns, samples."""
    texts = [
        text
        for path in files_under(ROOT / "bihuan", ".toml")
        for text in re.findall(r'\bzh = "([^"]*)"', path.read_text())
    ]

    assert len(texts) > 100
    assert [text for text in texts if INFORMAL in text or NARROW.search(_plain(text))] == []
