"""Regenerate the page of the lifecycles after a table in `bihuan/core` changed."""

from pathlib import Path

from bihuan.core import diagram

PAGE = Path(__file__).parent.parent / "docs" / "lifecycles.md"

if __name__ == "__main__":
    PAGE.write_text(diagram.page(), encoding="utf-8")
