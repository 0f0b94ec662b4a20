"""Each kind of ledger has a sample, which comes in as it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from bihuan import cli
from bihuan.cases import kinds
from bihuan.cases.models import Case
from bihuan.orgs.models import Unit
from bihuan.sheets.ledger import types
from tests.factories import make_unit
from tests.ledgers.books import cells

pytestmark = pytest.mark.django_db
REGISTERS = [each.name for each in kinds.every() if each.name != "hazard" and types.find(each.name)]


@pytest.mark.parametrize("kind", REGISTERS)
def test_the_sample_of_a_register_comes_in_without_a_question(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_unit(name="云榆县", code="530499")
    out = tmp_path / "sample.xlsx"

    written = cli.main(["export", str(out), "--kind", kind, "--sample"])
    status = cli.main(["import", str(out), "--kind", kind, "--unit", "530499"])

    assert (written, status) == (cli.DONE, cli.DONE), capsys.readouterr().out
    found = Case.objects.filter(kind=kind)
    assert {case.ended_at is None for case in found} == {True, False}
    assert "未使用" not in capsys.readouterr().out


def test_a_sample_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    out = tmp_path / "missing" / "out.xlsx"

    assert cli.main(["export", str(out), "--kind", "grievance", "--sample"]) == cli.FAILED


def test_the_page_offers_a_sample_of_each_kind(desk: Client, town: Unit, tmp_path: Path) -> None:
    page = desk.get(reverse("ledgers:import")).content.decode()

    for ledger in types.every():
        kind = ledger.kind
        address = f"{reverse('ledgers:import-sample')}?kind={kind}"
        assert address in page
        response = desk.get(address)
        path = tmp_path / f"{kind}.xlsx"
        path.write_bytes(b"".join(response.streaming_content))  # type: ignore[attr-defined]
        assert len(cells(path)) > 2
        assert ledger.sheet
    assert desk.get(f"{reverse('ledgers:import-sample')}?kind=task").status_code == 404
