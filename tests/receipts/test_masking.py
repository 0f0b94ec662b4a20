"""Words that name a person are masked on every way in; what the public wrote is sealed."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest

from bihuan.cases.models import Case, CaseWords
from bihuan.grievances.actions import registration
from bihuan.grievances.actions import suggestion as suggesting
from bihuan.hazards.actions import reporting
from bihuan.hazards.actions.reporting import Finding
from bihuan.journal.models import Entry
from bihuan.mediations.actions import applications, dispute_notices
from bihuan.mediations.actions.dispute_notices import Dispute
from bihuan.orgs.models import Unit
from bihuan.receipts.accounts import Account, Identity, Intake, IntakeResult
from bihuan.receipts.actions.seals import unsealed
from bihuan.receipts.models import Seal
from tests.factories import NOW, TODAY, make_case, make_cast, make_unit

pytestmark = pytest.mark.django_db
SAID = "举报人王强（电话13800000000）称通道堵塞"
KEPT = "举报人×××（电话×××）称通道堵塞"


@pytest.fixture
def town() -> Unit:
    return make_unit(name="望湖镇")


def everything() -> str:
    """All that is stored in words outside the seals."""
    return str(
        [
            *Case.objects.values_list("title", "description", "place"),
            *CaseWords.objects.values_list("words"),
            *Entry.objects.values_list("note", "detail"),
        ]
    )


@pytest.mark.parametrize(
    "receive",
    [
        reporting.receive,
        registration.receive,
        suggesting.receive,
        applications.bring,
    ],
)
def test_what_the_public_writes_is_masked_and_sealed_as_written(
    receive: Callable[[Intake], IntakeResult], town: Unit
) -> None:
    account = Account(title="通道", place="东关路", unit=town, description=SAID)

    taken = receive(Intake(account, form_key=uuid4().hex, now=NOW))

    assert Case.objects.get(pk=taken.case.pk).description == KEPT
    assert "13800000000" not in everything()
    assert "王强" not in everything()
    assert SAID in unsealed(Seal.objects.get(case=taken.case, slot="reporter")).words


def test_a_report_that_names_nobody_is_sealed_only_if_somebody_said_who_they_are(
    town: Unit,
) -> None:
    account = Account(title="通道堵塞", place="东关路", unit=town)

    taken = registration.receive(Intake(account=account, form_key=uuid4().hex, now=NOW))

    assert not Seal.objects.filter(case=taken.case).exists()


def test_name_and_words_lie_in_one_seal(town: Unit) -> None:
    account = Account(
        title=SAID, place="东关路", unit=town, identity=Identity(name="王强", phone="13800000000")
    )

    taken = registration.receive(Intake(account=account, form_key=uuid4().hex, now=NOW))

    result = unsealed(Seal.objects.get(case=taken.case))
    assert (result.name, result.words) == ("王强", f"{SAID}\n东关路")


def test_what_an_officer_reports_is_masked(town: Unit) -> None:
    cast = make_cast(town)
    found = Finding(title=SAID, place="东关路", unit=town, found_date=TODAY, description=SAID)

    case = reporting.report(finding=found, actor=cast.reporter, now=NOW)

    assert (case.title, case.description) == (KEPT, KEPT)
    assert "王强" not in everything()


def test_what_an_officer_notices_is_masked(town: Unit) -> None:
    cast = make_cast(town)
    dispute = Dispute(title=SAID, place="东关路", unit=town)

    case = dispute_notices.notice(dispute=dispute, actor=cast.reporter, now=NOW)

    assert case.title == KEPT
    assert "王强" not in everything()


def test_corrected_words_are_masked_as_the_first_ones_are(town: Unit) -> None:
    cast = make_cast(town)
    case = make_case(town, cast=cast, now=NOW)

    reporting.amend(
        case=case, actor=cast.coordinator, now=NOW, title=SAID, place=SAID, description=SAID,
        note="更正",
    )  # fmt: skip

    case.refresh_from_db()
    assert (case.title, case.place, case.description) == (KEPT, KEPT, KEPT)
    assert "13800000000" not in everything()
