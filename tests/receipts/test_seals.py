"""Who reported is sealed: opened for a reason by an officer who works on it, and erased in time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cryptography.fernet import Fernet
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from bihuan.cases.actions import recipients
from bihuan.cases.models import Case
from bihuan.core import seals as rules
from bihuan.core.powers import OF_OFFICERS, Power
from bihuan.core.refusal import NotAllowed, SamePerson
from bihuan.journal.models import Entry
from bihuan.orgs.models import User
from bihuan.receipts import accounts, codes
from bihuan.receipts.actions import intake, seals
from bihuan.receipts.models import Seal, TrackingCode, UnsealRequest
from tests.cases.public import WHO, Office, accused, seal_of, told
from tests.clock import PRESENT
from tests.factories import NOW, make_officer

pytestmark = pytest.mark.django_db

REASON = "须到现场核对具体位置"
DAY = timedelta(days=1)


def acts(case: Case) -> list[str]:
    entries = Entry.objects.filter(chain__subject=case.subject).order_by("seq")
    return list(entries.values_list("act", flat=True))


def opened(case: Case, by: User) -> UnsealRequest:
    return seals.ask_opening(row=seal_of(case), actor=by, reason=REASON, now=NOW)


# --------------------------------------------------------------------- looking
def test_what_was_told_is_read_back_with_the_key(office: Office) -> None:
    case = told(office.town, now=NOW).case

    assert seals.look(opening=opened(case, office.handler), actor=office.handler, now=NOW) == WHO


def test_nothing_told_leaves_no_seal(office: Office) -> None:
    case = told(office.town, identity=accounts.Identity()).case

    assert not Seal.objects.filter(case=case).exists()


def test_the_first_look_is_a_receipt_and_the_second_is_none(office: Office) -> None:
    case = told(office.town, now=NOW).case
    opening = opened(case, office.handler)

    for minutes in (0, 5, 14):
        later = NOW + timedelta(minutes=minutes)
        seals.look(opening=opening, actor=office.handler, now=later)

    entry = Entry.objects.get(chain__subject=case.subject, act="open_seal")
    assert (entry.note, entry.details["unit"], entry.details["slot"]) == (
        REASON, office.town.name, "reporter",
    )  # fmt: skip


def test_after_a_quarter_of_an_hour_the_reason_is_given_anew(office: Office) -> None:
    case = told(office.town, now=NOW).case
    opening = opened(case, office.handler)
    seals.look(opening=opening, actor=office.handler, now=NOW)

    with pytest.raises(rules.OpeningOver):
        seals.look(opening=opening, actor=office.handler, now=NOW + rules.LOOK_AGAIN)


def test_an_opening_is_good_for_whoever_asked_and_for_nobody_else(office: Office) -> None:
    case = told(office.town, now=NOW).case
    opening = opened(case, office.handler)

    with pytest.raises(rules.AskedByAnother):
        seals.look(opening=opening, actor=office.clerk, now=NOW)


@pytest.mark.parametrize("power", sorted(OF_OFFICERS - rules.OPENERS))
def test_no_other_power_opens_a_seal(office: Office, power: Power) -> None:
    case = told(office.town, now=NOW).case
    officer = make_officer(office.town, power)

    with pytest.raises(NotAllowed):
        opened(case, officer)


def test_not_even_the_level_above_opens_a_seal(office: Office) -> None:
    case = told(office.town, now=NOW).case

    with pytest.raises(NotAllowed):
        opened(case, office.supervisor)


@pytest.mark.parametrize("reason", ["", "  ", "看看", "x\n "])
def test_a_reason_says_something(office: Office, reason: str) -> None:
    case = told(office.town, now=NOW).case

    with pytest.raises(rules.ReasonTooShort):
        seals.ask_opening(row=seal_of(case), actor=office.handler, reason=reason, now=NOW)


# ------------------------------------------------------------------ accusations
@pytest.fixture
def accusation(office: Office) -> Case:
    """About the village, taken up by the town."""
    return accused(office.village, now=NOW).case


def test_an_accusation_is_opened_by_two(office: Office, accusation: Case) -> None:
    opening = opened(accusation, office.clerk)

    with pytest.raises(rules.SecondPersonNeeded):
        seals.look(opening=opening, actor=office.clerk, now=NOW)
    with pytest.raises(SamePerson):
        seals.allow_opening(opening=opening, actor=office.clerk, now=NOW)
    seals.allow_opening(opening=opening, actor=office.head, now=NOW)

    assert seals.look(opening=opening, actor=office.clerk, now=NOW) == WHO
    assert acts(accusation)[-3:] == ["ask_opening", "allow_opening", "open_seal"]


def test_the_database_refuses_one_who_allows_their_own(office: Office, accusation: Case) -> None:
    opening = opened(accusation, office.clerk)

    with pytest.raises(IntegrityError), transaction.atomic():
        UnsealRequest.objects.filter(pk=opening.pk).update(allowed_by=office.clerk)


def test_nobody_answers_in_time_and_the_asking_ends(office: Office, accusation: Case) -> None:
    opening = opened(accusation, office.clerk)

    with pytest.raises(rules.OpeningOver):
        seals.allow_opening(opening=opening, actor=office.head, now=NOW + rules.TWO_PEOPLE)


def test_a_case_that_becomes_an_accusation_needs_the_second_person(office: Office) -> None:
    case = told(office.town, now=NOW).case
    opening = opened(case, office.clerk)
    Case.objects.filter(pk=case.pk).update(is_confidential=True)
    recipients.confide(case, NOW)

    with pytest.raises(rules.SecondPersonNeeded):
        seals.look(opening=opening, actor=office.clerk, now=NOW)


# ------------------------------------------------------------------------ pages
def page(client: Client, user: User, case: Case) -> str:
    client.force_login(user)
    return client.get(case.get_absolute_url()).content.decode()


def shows(answer: str) -> bool:
    return any(part in answer for part in (WHO.name, WHO.phone, WHO.email, WHO.address))


def test_the_identity_is_on_the_one_answer_and_kept_by_no_cache(
    client: Client, office: Office
) -> None:
    case = told(office.town).case
    before = page(client, office.handler, case)
    url = reverse("receipts:open-seal", args=[case.number, "reporter"])

    form = client.get(url)
    answer = client.post(url, {"reason": REASON})
    after = page(client, office.handler, case)

    assert url in before
    assert shows(answer.content.decode())
    assert "no-store" in answer.headers["Cache-Control"]
    assert not any(map(shows, (before, form.content.decode(), after)))
    assert REASON in after


def test_the_page_offers_to_look_again_without_a_reason(client: Client, office: Office) -> None:
    case = told(office.town).case
    client.force_login(office.handler)
    client.post(reverse("receipts:open-seal", args=[case.number, "reporter"]), {"reason": REASON})
    look = reverse("receipts:look-into-seal", args=[case.number, UnsealRequest.objects.get().pk])

    offered = look in page(client, office.handler, case)
    answer = client.post(look)

    assert offered
    assert shows(answer.content.decode())
    assert "no-store" in answer.headers["Cache-Control"]
    assert client.get(look).status_code == 405
    assert acts(case).count("open_seal") == 1


def test_two_people_open_an_accusation_through_the_pages(client: Client, office: Office) -> None:
    case = accused(office.village).case
    ask = reverse("receipts:open-seal", args=[case.number, "reporter"])
    client.force_login(office.clerk)
    asked = client.post(ask, {"reason": REASON}, follow=True).content.decode()
    opening = UnsealRequest.objects.get()
    look, allow = (
        reverse(name, args=[case.number, opening.pk])
        for name in ("receipts:look-into-seal", "receipts:allow-opening")
    )

    refused = client.post(look)
    own = client.post(allow)
    client.force_login(office.head)
    seen = client.get(case.get_absolute_url()).content.decode()
    today = client.get(reverse("desk:today")).content.decode()
    client.post(allow)
    client.force_login(office.clerk)
    answer = client.post(look)

    assert (refused.status_code, own.status_code) == (403, 403)
    assert allow in seen
    assert case.number in today
    assert not any(map(shows, (asked, seen, today, refused.content.decode())))
    assert shows(answer.content.decode())


def test_whoever_does_not_work_on_it_sees_only_that_there_is_a_seal(
    client: Client, office: Office
) -> None:
    case = told(office.town).case
    url = reverse("receipts:open-seal", args=[case.number, "reporter"])

    seen = page(client, office.supervisor, case)
    answer = client.post(url, {"reason": REASON})

    assert 'id="who"' in seen
    assert url not in seen
    assert not shows(answer.content.decode())
    assert not UnsealRequest.objects.exists()


def test_an_opening_of_another_case_is_not_found(client: Client, office: Office) -> None:
    mine, other = told(office.town).case, told(office.town).case
    client.force_login(office.handler)
    client.post(reverse("receipts:open-seal", args=[other.number, "reporter"]), {"reason": REASON})
    pk = UnsealRequest.objects.get().pk

    assert (
        client.post(reverse("receipts:look-into-seal", args=[mine.number, pk])).status_code == 404
    )
    assert client.post(reverse("receipts:allow-opening", args=[mine.number, pk])).status_code == 404


# ------------------------------------------------------------- keys and erasure
def rotated() -> seals.Rotated:
    return seals.rotate(now=NOW)


def read_by(case: Case, keys: list[str], settings: Settings) -> accounts.Identity:
    settings.SEAL_KEYS = keys
    return seals.unsealed(seal_of(case))


def test_after_a_rotation_the_newest_key_alone_opens_every_seal(
    office: Office, settings: Settings
) -> None:
    cases = [told(office.town).case for _ in range(5)]
    older, newest = settings.SEAL_KEYS, Fernet.generate_key().decode()
    settings.SEAL_KEYS = [newest, *older]

    first, again = rotated(), rotated()

    assert (first, again) == (seals.Rotated(seals=5), seals.Rotated())
    assert all(read_by(case, [newest], settings) == WHO for case in cases)
    with pytest.raises(rules.Unreadable):
        read_by(cases[0], older, settings)


def test_a_rotation_that_is_killed_is_finished_by_the_next(
    office: Office, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = [told(office.town).case for _ in range(4)]
    newest = Fernet.generate_key().decode()
    both = [newest, *settings.SEAL_KEYS]
    settings.SEAL_KEYS = both
    keep, turns = Seal.save, iter(range(9))

    def killed(row: Seal, **options: object) -> None:
        if next(turns) == 2:
            raise KeyboardInterrupt
        keep(row, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(Seal, "save", killed)
    with pytest.raises(KeyboardInterrupt):
        rotated()
    monkeypatch.undo()
    half = [read_by(case, both, settings) for case in cases]

    assert half == [WHO] * 4
    assert rotated().seals == 2
    assert [read_by(case, [newest], settings) for case in cases] == [WHO] * 4


def test_a_seal_that_no_key_opens_is_counted_and_left(
    office: Office, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    told(office.town)
    settings.SEAL_KEYS = [Fernet.generate_key().decode()]

    with pytest.raises(SystemExit) as stop:
        call_command("rotate_seals", "--json")

    assert stop.value.code == 1
    assert '"failed": 2' in capsys.readouterr().out


def test_codes_that_wait_are_hardened_before_their_key_goes(
    office: Office, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    taken = told(office.town)
    newest = Fernet.generate_key().decode()
    settings.SEAL_KEYS = [newest, *settings.SEAL_KEYS]

    call_command("rotate_seals", "--json")

    row = TrackingCode.objects.get(case=taken.case)
    assert '"seals": 1, "failed": 0, "codes": 1' in capsys.readouterr().out
    assert (bytes(row.code_hash or b""), row.quick_hash, row.sealed_code) == (
        codes.slow(taken.code), None, "",
    )  # fmt: skip


@pytest.fixture
def ended(office: Office) -> Case:
    case = told(office.town, now=NOW - 400 * DAY).case
    Case.objects.filter(pk=case.pk).update(stage="rejected", ended_at=NOW - 180 * DAY)
    case.refresh_from_db()
    return case


def test_a_seal_is_erased_a_set_time_after_the_end_and_that_is_on_record(
    office: Office, ended: Case
) -> None:
    running = told(office.town, now=NOW - 400 * DAY).case

    on_the_day = seals.erase_due(now=NOW)
    after = seals.erase_due(now=NOW + timedelta(seconds=1))
    again = seals.erase_due(now=NOW + DAY)

    row = seal_of(ended)
    assert (on_the_day, after, again) == (0, 1, 0)
    assert (row.content, row.wrapped_key) == ("", "")
    assert acts(ended)[-1] == "erase_seal"
    assert seals.unsealed(seal_of(running)) == WHO


def test_what_was_erased_is_opened_by_nobody(office: Office, ended: Case) -> None:
    seals.erase_due(now=NOW + DAY)

    with pytest.raises(rules.Erased):
        opened(ended, office.handler)


def test_the_database_refuses_half_a_seal(office: Office) -> None:
    row = seal_of(told(office.town).case)

    for half in ({"content": ""}, {"wrapped_key": ""}, {"erased_at": PRESENT}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Seal.objects.filter(pk=row.pk).update(**half)


def test_a_code_that_no_key_opens_keeps_no_other_from_its_slow_hash(
    office: Office, settings: Settings
) -> None:
    lost = told(office.town)
    settings.SEAL_KEYS = [Fernet.generate_key().decode()]
    found = told(office.town)

    assert intake.harden() == {"codes": 1, "failed": 1}
    assert TrackingCode.objects.get(case=lost.case).code_hash is None
    assert TrackingCode.objects.get(case=found.case).code_hash is not None
