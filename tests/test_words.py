"""The texts of the interface are in plain technical English: banned words are not used.

To extend it: remove the word from the texts of every app, then add it to `BANNED` with what to
write instead. An exception names the whole text and its reason.
"""

import re
from pathlib import Path

import pytest

from tests.sources import app_folders
from tests.test_translations import _catalogue, _forms, _messages

# The word, in lower case, and what is written instead.
BANNED = {
    "whoever": "the person who, or the role: “the reporter”",
    "nobody": "no one, or say what is not possible",
    "somebody": "a person, or the role: “another officer”",
    "anybody": "anyone",
    "anew": "again, or the verb that fits: “change”, “recalculate”",
    "afresh": "again",
    "knows no": "does not allow, or has no",
    "stand": "is, is shown, is recorded",
    "stands": "is, is shown, is recorded",
    "stood": "was",
    "beside": "next to, or with",
    "besides": "also",
    "told": "notified, informed",
    "lie": "is",
    "lies": "is",
    "by itself": "without …, or automatically",
    "all the same": "still",
    "any more": "no longer, or “can no longer”",
    "held back": "on hold",
    "shut out": "excluded",
    "try it out": "validate",
    "worked out": "calculated",
    "passed on": "transferred",
    "goes on": "continues",
    "go on": "continue",
}
EXCEPTIONS = {
    "Not proven: the current state of %(unsaid)d records whose entries are older than this "
    "feature; it is covered after their next change, or after “bihuan journal stands”.": (
        "the name of a command"
    ),
}


def _found(text: str) -> list[str]:
    """The banned words in a text; the names of its placeholders are not read by anyone, and a
    stand-in is a term of the glossary.
    """
    plain = re.sub(r"%\(\w+\)", "%", text).lower().replace("stand-in", "")
    return [word for word in BANNED if re.search(rf"\b{word}\b", plain)]


@pytest.mark.parametrize("app", app_folders(), ids=lambda folder: folder.name)
def test_no_text_has_a_banned_word(app: Path) -> None:
    texts = [form for message in _messages(_catalogue(app)) for form in _forms(message.id)]

    found = {text: words for text in texts if text not in EXCEPTIONS and (words := _found(text))}

    assert found == {}


def test_a_banned_word_is_found_whole_and_in_any_case() -> None:
    found = [_found(text) for text in ("Nobody is told.", "%(told)s standards", "A stand-in")]

    assert found == [["nobody", "told"], [], []]


def test_every_exception_is_still_needed() -> None:
    texts = {
        form
        for app in app_folders()
        for message in _messages(_catalogue(app))
        for form in _forms(message.id)
    }

    assert {text for text in EXCEPTIONS if text not in texts or not _found(text)} == set()
