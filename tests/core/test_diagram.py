"""The page of the lifecycles is the tables."""

from pathlib import Path

from bihuan.core import diagram

PAGE = Path(__file__).parents[2] / "docs" / "lifecycles.md"


def test_the_page_of_the_lifecycles_equals_the_tables() -> None:
    assert PAGE.read_text(encoding="utf-8") == diagram.page(), "run: python -m tools.lifecycles"
