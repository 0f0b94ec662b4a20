"""The answers of a choice as lines of text: "* 已损坏 / Damaged"."""

from __future__ import annotations

from collections.abc import Iterator

from bihuan.core.checklist import Choice
from bihuan.core.rules import Bilingual

BETWEEN, FAILS = " / ", "*"


def write(choices: tuple[Choice, ...]) -> str:
    return "\n".join(
        f"{f'{FAILS} ' if choice.fails else ''}{choice.text.zh}"
        f"{f'{BETWEEN}{choice.text.en}' if choice.text.en else ''}"
        for choice in choices
    )


def read(text: str, before: tuple[Choice, ...]) -> tuple[Choice, ...]:
    """Read the lines; an answer that was there keeps its key, found by its text, or by its place
    if the number of answers stayed the same.
    """
    rows = [_read(line) for line in text.splitlines() if line.strip()]
    known = {choice.text.zh: choice.key for choice in before}
    keys: list[str] = []
    for place, (words, _fails) in enumerate(rows):
        key = known.get(words.zh, "")
        if not key and len(rows) == len(before) and before[place].text.zh not in _texts(rows):
            key = before[place].key
        keys.append(key)
    free = _free({*keys, *known.values()})
    return tuple(
        Choice(key or next(free), words, fails)
        for key, (words, fails) in zip(keys, rows, strict=True)
    )


def _read(line: str) -> tuple[Bilingual, bool]:
    fails = line.strip().startswith(FAILS)
    chinese, _between, english = line.strip().removeprefix(FAILS).partition(BETWEEN)
    return Bilingual(chinese.strip(), english.strip()), fails


def _texts(rows: list[tuple[Bilingual, bool]]) -> set[str]:
    return {words.zh for words, _fails in rows}


def _free(taken: set[str]) -> Iterator[str]:
    number = 0
    while True:
        number += 1
        if (key := f"c{number}") not in taken:
            yield key
