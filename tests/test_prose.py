"""Docstrings, comments and documents are in plain technical English: banned words are not used.

The texts of the interface have their own list in `test_words`; this one leaves out the words that
have a technical use in code (“passed on to the caller”). To extend it: remove the word first, then
add it to `BANNED_IN_PROSE`.
"""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

from tests.sources import ROOT, files_under, relative
from tests.test_words import BANNED

TECHNICAL = {"by itself", "any more", "passed on", "stand", "stands"}
BANNED_IN_PROSE = (
    *(word for word in BANNED if word not in TECHNICAL),
    r"stands?(?! (?:in )?for\b)(?!-)",
    "for good",
    "hears",
    "heard",
    "so many",
    "the very",
    "this very",
    "that very",
)
BANNED_WORD = re.compile(rf"\b(?:{'|'.join(BANNED_IN_PROSE)})\b", re.IGNORECASE)

CODE = re.compile(r"^ *```.*?^ *```$|`[^`]*`|\]\([^)]*\)", re.MULTILINE | re.DOTALL)


def _prose(path: Path) -> Iterator[str]:
    """The docstrings and comments of a module, or the text of a document, without code."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".md":
        yield CODE.sub("", text)
        return
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield CODE.sub("", str(node.value.value))
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield CODE.sub("", token.string)


def _files() -> list[Path]:
    modules = [
        path for path in files_under(ROOT / "bihuan", ".py") if "migrations" not in path.parts
    ]
    documents = [
        path
        for path in (*files_under(ROOT / "docs", ".md"), *ROOT.glob("*.md"))
        if ".zh" not in path.name and "zh-CN" not in path.name
    ]
    return [*modules, *documents]


def _found(path: Path) -> list[str]:
    return sorted({word for text in _prose(path) for word in BANNED_WORD.findall(text)})


def test_no_docstring_comment_or_document_has_a_banned_word() -> None:
    files = _files()

    assert {relative(path): found for path in files if (found := _found(path))} == {}


def test_code_and_technical_uses_are_left_alone() -> None:
    texts = ("`told` stands for it", "A stand-in", "It stands in the row", "[x](told.md)")

    assert [BANNED_WORD.findall(CODE.sub("", text)) for text in texts] == [[], [], ["stands"], []]
