"""What is changed by SQL beside the journal is named by `bihuan journal verify`.

A small installation with acts made through the product, once; then one tampering at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Model
from django.utils import translation
from pytest_django import DjangoDbBlocker, Settings

from bihuan.cases import standing
from bihuan.cases.models import Case, Evidence, Exclusion, Participation
from bihuan.core.grievance import Stage
from bihuan.grievances.models import Grievance
from bihuan.hazards.models import Hazard
from bihuan.journal import actions, handed_out, queries, sealing
from bihuan.journal.models import Anchor, Chain
from bihuan.receipts.actions import public, seals
from bihuan.receipts.models import Rating, UnsealRequest
from tests.cases.public import Office, accused, make_office, seal_of, told
from tests.clock import PRESENT
from tests.factories import NOW
from tests.grievances.offices import bring, make_realm
from tests.hazards.district import closed, make_district
from tests.journal.lifting import tamper
from tests.ledgers.conftest import kept_for_a_file

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Installation:
    """A closed hazard, a rated answer, an accusation, an opened seal, and roots of all but it."""

    hazard: Case
    rated: Case
    accused: Case
    sealed: Case
    roots: Path


@pytest.fixture(scope="module")
def made(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Installation]:
    with kept_for_a_file(django_db_blocker):
        yield make_installation(tmp_path_factory.mktemp("roots") / "roots.txt")


@pytest.fixture
def installation(made: Installation, db: None) -> Installation:
    """As it was made, whatever another test has done to it."""
    hazard, rated, about, sealed = (
        Case.objects.get(pk=case.pk)
        for case in (made.hazard, made.rated, made.accused, made.sealed)
    )
    return Installation(hazard, rated, about, sealed, made.roots)


def make_installation(roots: Path) -> Installation:
    office = make_office()
    hazard = closed(make_district())
    rated = bring(make_realm().town, Stage.REPLIED)
    public.rate(case=rated, solved=False, stars=1, now=NOW, form_key="a")
    about = accused(office.town, now=NOW).case
    sealing.seal(now=NOW + HOUR)
    roots.write_text("\n".join(map(handed_out.line, Anchor.objects.order_by("until_at"))))
    sealed = told(office.town, now=PRESENT).case
    look_into(office, sealed)
    return Installation(hazard, rated, about, sealed, roots)


def look_into(office: Office, case: Case) -> None:
    row = seal_of(case)
    opening = seals.ask_opening(row=row, actor=office.handler, reason="须核对位置", now=PRESENT)
    seals.look(opening=opening, actor=office.handler, now=PRESENT)


def verified(*words: str | Path) -> tuple[int, str]:
    """The exit status and what is printed."""
    out = StringIO()
    with translation.override("en"):
        try:
            call_command("journal", "verify", *map(str, words), stdout=out)
        except SystemExit as stopped:
            return int(stopped.code or 0), out.getvalue()
    return 0, out.getvalue()


def test_an_untouched_installation_verifies_and_says_what_is_proven(
    installation: Installation,
) -> None:
    status, output = verified("--roots", installation.roots)

    assert (status, output.splitlines()[0].partition(" read in ")[2][-17:]) == (
        0, "No changes found.",
    )  # fmt: skip
    assert "Proven by 1 external roots: nothing in the journal before 2026-09-15 11:00" in output
    assert f"{Case.objects.count()} records were compared with their last entries." in output
    assert "Not yet sealed by a root: 2 entries since 2026-09-15 11:00" in output


def of(case: Case) -> str:
    return f"case_id = {case.pk}"


def named(case: Case) -> str:
    return f"subject = '{case.subject}'"


def at(case: Case) -> str:
    return f"id = {case.pk}"


TAMPERINGS: dict[str, tuple[Callable[[Installation], list[str]], str]] = {
    "a stage": (
        lambda i: [f"UPDATE cases_case SET stage = 'rejected' WHERE {at(i.hazard)}"],
        "{hazard}: its current state does not match entry 7: the stage and the officers",
    ),
    "who verified": (
        lambda i: [f"UPDATE cases_case SET verifier_name = '某某' WHERE {at(i.hazard)}"],
        "{hazard}: its current state does not match entry 7: the stage and the officers",
    ),
    "a due time": (
        lambda i: [f"UPDATE cases_case SET due_at = reported_at WHERE {at(i.sealed)}"],
        "the dates and due date.",
    ),
    "words": (
        lambda i: [f"UPDATE cases_case SET description = 'nothing' WHERE {at(i.sealed)}"],
        "the text, grade and place.",
    ),
    "who is responsible": (
        lambda i: [f"UPDATE cases_case SET owner_id = origin_id + 1 WHERE {at(i.sealed)}"],
        "the responsible unit and who may see it.",
    ),
    "a time limit": (
        lambda i: [f"UPDATE clocks_clock SET due_at = started_at WHERE {named(i.hazard)}"],
        "{hazard}: its current state does not match entry 7: the time limits.",
    ),
    "a missed time limit": (
        lambda i: [f"UPDATE clocks_clock SET outcome = 'missed' WHERE {named(i.hazard)} "
                   "AND outcome = 'met'"],
        ": the time limits.",
    ),
    "a rating": (
        lambda i: ["UPDATE receipts_rating SET stars = 5"],
        "{rated}: its current state does not match entry",
    ),
    "a rating removed": (lambda i: ["DELETE FROM receipts_rating"], ": the ratings."),
    "a bar": (
        lambda i: ["DELETE FROM cases_exclusion"],
        "{accused}: its current state does not match entry 1: the exclusions.",
    ),
    "the need-to-know list": (
        lambda i: [f"UPDATE cases_accessgrant SET post_id = post_id - 1 WHERE {of(i.accused)}"],
        "{accused}: its current state does not match entry 1: the need-to-know list.",
    ),
    "a hand": (
        lambda i: [f"DELETE FROM cases_participation WHERE {of(i.hazard)} AND side = 'check'"],
        "{hazard}: its current state does not match entry 7: the officers who worked on the fix",
    ),
    "evidence": (
        lambda i: [f"DELETE FROM cases_evidence WHERE {of(i.hazard)}"],
        "{hazard}: its current state does not match entry 7: the evidence.",
    ),
    "an opening": (
        lambda i: ["DELETE FROM receipts_unsealrequest"],
        "{sealed}: its current state does not match entry 2: the unsealings.",
    ),
    "an erased seal": (
        lambda i: ["UPDATE receipts_seal SET content = '', wrapped_key = '', erased_at = sealed_at "
                   f"WHERE {of(i.sealed)}"],
        "{sealed}: its current state does not match entry 2: the sealed identities.",
    ),
    "a plan": (
        lambda i: [f"UPDATE hazards_hazard SET budget = 9 WHERE {of(i.hazard)}"],
        "{hazard}: its current state does not match entry 7: the content of the hazard.",
    ),
    "a case removed with its chain": (
        lambda i: [
            *removed(i.sealed),
            f"DELETE FROM journal_entry WHERE chain_id = {chain(i.sealed)}",
            f"DELETE FROM journal_chain WHERE id = {chain(i.sealed)}",
        ],
        "The journal has 2 fewer entries than were ever written. Missing numbers: ",
    ),
    "a case removed": (
        lambda i: removed(i.sealed), "{sealed}: entry 2 exists, but the subject is missing."
    ),
    "a chain removed": (
        lambda i: [
            f"DELETE FROM journal_entry WHERE chain_id = {chain(i.sealed)}",
            f"DELETE FROM journal_chain WHERE id = {chain(i.sealed)}",
        ],
        "{sealed}: it exists, but has no chain.",
    ),
    "the newest entry removed with its head mended": (
        lambda i: [
            f"DELETE FROM journal_entry WHERE chain_id = {chain(i.sealed)} AND seq = 2",
            f"UPDATE journal_chain SET length = 1, head = (SELECT hash FROM journal_entry WHERE "
            f"chain_id = {chain(i.sealed)} AND seq = 1) WHERE id = {chain(i.sealed)}",
        ],
        "The journal has 1 fewer entries than were ever written. Missing numbers: ",
    ),
    "all roots removed": (
        lambda i: ["DELETE FROM journal_anchor"],
        "The journal has 1 fewer roots than were ever written.",
    ),
    "a trigger dropped": (
        lambda i: ["DROP TRIGGER journal_anchor_is_counted" + on("journal_anchor")],
        "journal_anchor_is_counted: the trigger is missing, switched off or changed.",
    ),
}  # fmt: skip


def chain(case: Case) -> int:
    return Chain.objects.get(subject=case.subject).pk


def on(table: str) -> str:
    return f" ON {table}" if connection.vendor == "postgresql" else ""


def removed(case: Case) -> list[str]:
    """Every row of a case, the seals with their openings first."""
    own = ("casewords", "evidence", "participation")
    public = ("seal", "trackingcode", "message")
    return [
        "DELETE FROM receipts_unsealrequest",
        *(f"DELETE FROM receipts_{name} WHERE {of(case)}" for name in public),
        *(f"DELETE FROM cases_{name} WHERE {of(case)}" for name in own),
        f"DELETE FROM clocks_clock WHERE {named(case)}",
        f"DELETE FROM hazards_hazard WHERE {of(case)}",
        f"DELETE FROM cases_case WHERE {at(case)}",
    ]


@pytest.mark.parametrize("what", TAMPERINGS)
def test_what_is_done_beside_the_journal_is_named(installation: Installation, what: str) -> None:
    make, named = TAMPERINGS[what]
    statements = make(installation)

    if what == "a trigger dropped":
        connection.check_constraints()
        with connection.cursor() as cursor:
            cursor.execute(statements[0])
    else:
        tamper(*statements)

    status, output = verified()
    cases = {
        name: getattr(installation, name).subject
        for name in ("hazard", "rated", "accused", "sealed")
    }
    assert status == 1
    assert named.format(**cases) in output


def test_roots_removed_with_their_count_are_missed_by_those_outside(
    installation: Installation,
) -> None:
    tamper(
        "DELETE FROM journal_anchor", "DELETE FROM journal_written WHERE name = 'journal_anchor'"
    )

    assert verified()[0] == 0
    status, output = verified("--roots", installation.roots)
    assert status == 1
    assert "2026-09-15 11:00+08:00: the root that was handed out is missing." in output


def test_a_file_that_is_not_there_is_no_finding(installation: Installation) -> None:
    with pytest.raises((CommandError, OSError)):
        call_command("journal", "verify", "--roots", str(installation.roots) + ".none")


# ------------------------------------------------------------------ what may be
def test_keys_of_seals_may_be_rotated_and_identities_erased(
    installation: Installation, settings: Settings
) -> None:
    settings.SEAL_KEYS = settings.SEAL_KEYS[::-1]
    assert seals.rotate(now=PRESENT).seals
    seals.erase(row=seal_of(installation.sealed), now=PRESENT, why="asked for")

    assert queries.verify().ok


def test_a_case_that_was_disposed_of_leaves_nothing_and_is_not_missed(
    installation: Installation,
) -> None:
    tamper(*removed(installation.sealed))

    actions.record(
        installation.sealed.subject, "dispose", by=None, at=PRESENT, detail={"state": {}}
    )

    assert queries.verify().ok


def test_every_part_has_words_and_fields_and_its_table_once() -> None:
    witness = standing.CaseWitness()

    for part in standing._parts:
        assert part.columns, part.name
        assert str(witness.words(part.name)) != part.name
    assert len({part.name for part in standing._parts}) == len(standing._parts)


def test_the_parts_of_a_case_are_all_of_its_columns() -> None:
    """Another column is told too, or it is said here why it is not."""
    without = {
        "id", "number", "cell", "version", "form_key", "source_key", "source_digest",
        "returned_at",  # in the entry of the return
    }  # fmt: skip
    told_of = {each.name for part in standing._parts if part.model is Case for each in part.columns}

    assert {field.name for field in Case._meta.concrete_fields} - told_of == without


def test_rows_not_saved_yet_read_as_both_engines_write_them(installation: Installation) -> None:
    """Every row of every part, as Python writes it and as the database does."""
    for number in Case.objects.values_list("number", flat=True):
        case = Case.objects.get(number=number)
        rows: list[Model] = [
            case,
            *Hazard.objects.filter(case=case),
            *Grievance.objects.filter(case=case),
            *Exclusion.objects.filter(case=case),
            *case.clocks,
            *Evidence.objects.filter(case=case),
            *Participation.objects.filter(case=case),
            *Rating.objects.filter(case=case),
            *UnsealRequest.objects.filter(seal__case=case, opened_at__isnull=False),
        ]
        written = standing.CaseWitness().stands([number])[number]

        for part, digest in standing.of_rows(rows).items():
            assert written[part] == digest, part
