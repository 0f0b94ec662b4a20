"""The operator's handbook is the same in both languages, and names everything that there is."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

import pytest

from bihuan import cli
from tests.sources import ROOT

ENGLISH, CHINESE = "operator.md", "operator.zh.md"
HANDBOOKS = [ENGLISH, CHINESE]

FENCED = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
# What is said in a block to its reader, and not to a program.
COMMENT = re.compile(r"(?:^|(?<=\s))#(?!!).*$", re.MULTILINE)
HEADING = re.compile(r"^(#+) (.+)$", re.MULTILINE)
CODE = re.compile(r"`([^`]+)`")
LINK = re.compile(r"\]\(([^)#]+)")
# Messages stand there as they are printed, which is in another language.
MESSAGES = {ENGLISH: "## Troubleshooting", CHINESE: "## 故障处理"}
OTHER_SIDE = {ENGLISH: CHINESE, CHINESE: ENGLISH}


@cache
def _text(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def _prose(text: str) -> str:
    return FENCED.sub("", text)


def _chapters(name: str) -> list[str]:
    """From one heading to the next, so that a comment in a block is none."""
    text = _text(name)
    blocks = [match.span() for match in FENCED.finditer(text)]
    starts = [
        match.start()
        for match in HEADING.finditer(text)
        if not any(start < match.start() < end for start, end in blocks)
    ]
    return [text[start:end] for start, end in pairwise([*starts, len(text)])]


def _pairs() -> Iterator[tuple[str, str]]:
    yield from zip(_chapters(ENGLISH), _chapters(CHINESE), strict=True)


def _title(chapter: str) -> str:
    return chapter.split("\n", 1)[0].lstrip("# ")


def _slug(title: str) -> str:
    """The anchor that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def _shape(chapter: str) -> dict[str, int]:
    prose = _prose(chapter)
    lines = {
        "points": r"^- ",
        "steps": r"^\d+\. ",
        "rows": r"^\|",
        "anchors": r"\]\(#",
        "level": r"^#+",
    }
    shape = {what: len(re.findall(line, prose, re.MULTILINE)) for what, line in lines.items()}
    return {**shape, "level": chapter.index(" "), "blocks": len(FENCED.findall(chapter))}


def _commands(chapter: str) -> list[tuple[str, str]]:
    """What is typed or copied: without comments, and of a dialogue without the answers."""
    return [(language, _typed(block)) for language, block in FENCED.findall(chapter)]


def _typed(block: str) -> str:
    lines = COMMENT.sub("", block).splitlines()
    request = [line for line in lines if line.startswith("$ ")]
    return "\n".join(" ".join(line.split()) for line in request or lines)


def _code(name: str) -> set[str]:
    """The names in the text; messages, and words of another language, are none."""
    before, after = _text(name).split(MESSAGES[name])
    rows = re.sub(r"^\| .*?(?<!\\) \| ", "| ", after, flags=re.MULTILINE)
    named = {" ".join(text.split()) for text in CODE.findall(_prose(before + rows))}
    return {text for text in named if text.isascii()}


def _numbers(chapter: str) -> set[int]:
    """The numbers in the words of a chapter, 10 万 and 50 million written out."""
    prose = re.sub(r"(?<=\d),(?=\d{3}\b)", "", CODE.sub("", _prose(chapter)))
    prose = re.sub(r"(\d+) ?万", lambda found: f" {int(found[1]) * 10_000} ", prose)
    prose = re.sub(r"(\d+) million", lambda found: f" {int(found[1]) * 1_000_000} ", prose)
    return {int(number) for number in re.findall(r"\d+", re.sub(r"\]\([^)]*\)", "", prose))}


def test_the_chapters_have_the_same_shape() -> None:
    shapes = [(_title(here), _shape(here), _shape(there)) for here, there in _pairs()]

    assert len(shapes) > 25
    assert [differs for differs in shapes if differs[1] != differs[2]] == []


def test_the_blocks_hold_the_same_commands() -> None:
    blocks = [(_title(here), _commands(here), _commands(there)) for here, there in _pairs()]

    assert sum(len(here) for _, here, _ in blocks) > 30
    assert [differs for differs in blocks if differs[1] != differs[2]] == []


def test_the_comments_of_the_chinese_one_are_chinese() -> None:
    comments = {
        name: {
            text.strip("# ")
            for _, block in FENCED.findall(_text(name))
            for text in COMMENT.findall(block)
        }
        for name in HANDBOOKS
    }

    same = comments[ENGLISH] & comments[CHINESE]

    assert len(comments[CHINESE]) > 20
    assert {text for text in same if not text.startswith(("BIHUAN_", "/etc/"))} == set()


def test_the_same_names_are_in_both() -> None:
    english, chinese = _code(ENGLISH), _code(CHINESE)

    assert len(english) > 200
    assert english ^ chinese == set()


def test_no_number_of_a_chapter_is_missing() -> None:
    missing = {
        _title(here): lost for here, there in _pairs() if (lost := _numbers(here) - _numbers(there))
    }

    assert missing == {}


def test_they_lead_to_the_same_pages() -> None:
    places = {name: set(LINK.findall(_text(name))) - {OTHER_SIDE[name]} for name in HANDBOOKS}
    in_chinese = {_in_chinese(place) for place in places[ENGLISH]}

    assert in_chinese == places[CHINESE]
    assert [place for each in places.values() for place in each if not _is_there(place)] == []


def _in_chinese(place: str) -> str:
    """The same page in Chinese, where there is one."""
    chinese = place.replace(".md", ".zh.md")
    return chinese if _is_there(chinese) else place


def _is_there(place: str) -> bool:
    return place.startswith("https://") or (ROOT / "docs" / place).exists()


@pytest.mark.parametrize("name", HANDBOOKS)
def test_every_chapter_is_in_the_list_and_every_anchor_leads_somewhere(name: str) -> None:
    text = _text(name)
    listed = text.split("\n## ", 1)[0]

    anchors = {_slug(_title(chapter)) for chapter in _chapters(name)}
    chapters = {_slug(_title(each)) for each in _chapters(name) if each.startswith("## ")}

    assert [anchor for anchor in chapters if f"](#{anchor})" not in listed] == []
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) - anchors == set()


@pytest.mark.parametrize("name", HANDBOOKS)
def test_every_setting_is_in_the_table(name: str) -> None:
    settings = (ROOT / "bihuan/settings.py").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`BIHUAN_.*?) \| ", _text(name), re.MULTILINE)

    found = {setting for row in rows for setting in re.findall(r"BIHUAN_\w+", row)}

    assert set(re.findall(r'"(BIHUAN_[A-Z0-9_]+)"', settings)) - found == set()


@pytest.mark.parametrize("name", HANDBOOKS)
def test_every_command_is_in_the_table_and_shown_at_work(name: str) -> None:
    text = _text(name)
    rows = dict(re.findall(r"^\| `([a-z-]+)` \| (.*) \| .* \|$", text, re.MULTILINE))

    assert [each for each in cli.COMMANDS if each not in rows] == []
    assert {each for each in cli.COMMANDS if rows[each] != "–"} == cli.FINDERS.keys()
    assert [each for each in cli.COMMANDS if f"bihuan {each}" not in text] == []


def test_the_english_one_says_of_commands_what_help_does() -> None:
    text = _text(ENGLISH)
    rows = [
        f"| `{name}` | {cli.FINDERS.get(name, '–')} | {what} |"
        for name, what in cli.COMMANDS.items()
    ]

    assert "\n".join(rows) in text
