from pathlib import Path

import pytest
from django.utils.translation import override

from bihuan.sheets import wording
from bihuan.sheets.personal import Personal
from bihuan.sheets.refusals import CellFault, CellRefused, SheetFault, SheetRefused


def test_every_fault_has_its_words() -> None:
    assert set(wording.SHEETS) == set(SheetFault)
    assert set(wording.CELLS) == set(CellFault)
    assert set(wording.LEFT_OUT) == set(Personal)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_refusal_names_what_it_is_about(language: str) -> None:
    with override(language):
        sheet = wording.explain(SheetRefused(SheetFault.TOO_MANY_ROWS, rows=900, limit=800))
        cell = wording.explain(CellRefused(CellFault.TOO_LONG, "隐患…", 500))

    assert "900" in sheet
    assert "800" in sheet
    assert "隐患…" in cell
    assert "500" in cell


def test_every_sentence_is_translated() -> None:
    catalogue = Path(wording.__file__).parent / "locale/zh_Hans/LC_MESSAGES/django.po"
    entries = catalogue.read_text(encoding="utf-8").split("\n\n")[1:]

    assert entries
    assert not [entry for entry in entries if entry.rstrip().endswith('msgstr ""')]
    assert "fuzzy" not in "".join(entries)
