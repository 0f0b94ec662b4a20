"""What waits for whoever mediates, and what parties are told of it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import localdate, localtime

from bihuan.cases.models import Case
from bihuan.core.mediation import Move
from bihuan.mediations.actions import parties, proceedings
from bihuan.mediations.actions.performance import PromiseOutcome, note_performance
from bihuan.mediations.actions.proceedings import MeetingKnown
from bihuan.mediations.models import Session
from bihuan.orgs.models import User
from bihuan.receipts.models import Message, Seal
from bihuan.receipts.wording import letters
from bihuan.web.templatetags.bihuan import day, moment
from tests.conftest import CountQueries
from tests.mediations.table import (
    BOTH,
    DAY,
    OTHER,
    B,
    Office,
    agreed,
    announced,
    begun,
    brought,
    confirmed,
    drafted,
    items_of,
    named,
    text_of,
)

pytestmark = pytest.mark.django_db
ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _today(client: Client, user: User) -> str:
    client.force_login(user)
    return client.get(reverse("desk:today")).content.decode()


def _step(case: Case, move: Move) -> str:
    return f'href="{reverse("desk:move", args=[case.number, move])}?back=today'


def test_a_mediation_waits_for_whoever_has_the_next_step(
    client: Client, office_now: Office
) -> None:
    fresh, ready, talks = brought(office_now).case, named(office_now), begun(office_now)
    waiting, to_conclude = drafted(office_now), confirmed(office_now)
    parties.consent(case=ready, slot=B, now=office_now.now)

    coordinator = _today(client, office_now.coordinator)
    mediator = _today(client, office_now.mediator)
    second = _today(client, office_now.second)

    assert _step(fresh, Move.NAME_MEDIATOR) in coordinator
    assert _step(ready, Move.BEGIN) in mediator
    assert _step(talks, Move.MEET) in mediator
    assert waiting.number in mediator
    assert _step(waiting, Move.CONCLUDE) not in mediator
    assert _step(to_conclude, Move.CONCLUDE) in mediator
    assert "TJ-" not in second


def test_a_meeting_that_is_announced_is_not_asked_for_again(
    client: Client, office_now: Office
) -> None:
    talks = begun(office_now)
    when = office_now.now + timedelta(days=3)
    announced(office_now, talks, when)

    shown = _today(client, office_now.mediator)

    assert _step(talks, Move.MEET) not in shown
    assert f"调解会：{moment(when)}" in shown
    form = client.get(reverse("desk:move", args=[talks.number, Move.MEET])).content.decode()
    assert moment(when) in form
    with pytest.raises(MeetingKnown):
        announced(office_now, talks, when)
    announced(office_now, talks, when + timedelta(days=1))


def test_a_meeting_that_has_begun_is_recorded_next(client: Client, office_now: Office) -> None:
    talks = begun(office_now)
    session = announced(office_now, talks, office_now.now + timedelta(days=3))
    Session.objects.filter(pk=session.pk).update(meets_at=office_now.now - timedelta(hours=1))

    shown = _today(client, office_now.mediator)

    assert _step(talks, Move.HOLD) in shown
    assert _step(talks, Move.MEET) not in shown


def test_the_result_of_an_announcement_names_the_meeting(
    client: Client, office_now: Office
) -> None:
    talks = begun(office_now)
    when = (office_now.now + timedelta(days=3)).replace(second=0, microsecond=0)
    client.force_login(office_now.mediator)
    sent = {
        "version": talks.version, "meets_at": localtime(when).strftime("%Y-%m-%dT%H:%M"),
        "place": "村委会调解室",
    }  # fmt: skip

    client.post(reverse("desk:move", args=[talks.number, Move.MEET]) + "?back=today", sent)

    assert f"{moment(when)}，村委会调解室" in client.get(reverse("desk:today")).content.decode()


def test_today_asks_no_more_the_more_mediations_there_are(
    client: Client, office_now: Office, count_queries: CountQueries
) -> None:
    begun(office_now)
    _today(client, office_now.mediator)
    with count_queries() as with_one:
        _today(client, office_now.mediator)
    for _ in range(4):
        confirmed(office_now)
    with count_queries() as with_five:
        _today(client, office_now.mediator)

    assert len(with_five) == len(with_one)


# --------------------------------------------------------------------- letters
@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(
    ("what", "routes"),
    [
        ("declined", ("12348", "仲裁", "arbitration")),
        ("ended", ("12348", "诉讼", "court")),
        ("failed", ("12348", "行政机关", "office")),
    ],
)
def test_whoever_has_no_agreement_is_told_the_open_routes(
    office_now: Office, language: str, what: str, routes: tuple[str, str, str]
) -> None:
    case = begun(office_now)
    message = Message(case=case, kind="letter", what=what, said_at=office_now.now)

    with translation.override(language):
        words = letters.letter_words(case.kind, message)

    number, chinese, english = routes
    assert number in words
    assert (english if language == "en" else chinese) in words


def test_everything_that_a_party_is_told_has_words(office_now: Office) -> None:
    case = agreed(office_now)
    for item in items_of(case):
        note_performance(
            case=case,
            actor=office_now.mediator,
            now=office_now.now,
            item=item,
            outcome=PromiseOutcome.BROKEN,
            record="未付",
        )

    said = [letters.letter_words(case.kind, each) for each in Message.objects.exclude(what="")]

    assert said
    assert all(said)
    assert not any("%(" in words for words in said)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_letters_and_papers_write_their_days_like_every_other_page(
    client: Client, office_now: Office, language: str
) -> None:
    case = begun(office_now)
    meets_at = office_now.now + 3 * DAY
    announced(office_now, case, meets_at)
    drafted(office_now, case)
    for slot in BOTH:
        digest = text_of(case).digest
        parties.confirm(case=case, slot=slot, now=office_now.now, digest=digest)
    client.force_login(office_now.mediator)
    client.cookies["bihuan_language"] = language
    paper = client.get(
        reverse("mediations:mediation-agreement", args=[case.number])
    ).content.decode()
    proceedings.conclude(
        case=case, actor=office_now.mediator, now=office_now.now,
        effective_date=localdate(office_now.now),
    )  # fmt: skip
    page = client.get(case.get_absolute_url()).content.decode()

    with translation.override(language):
        said = [letters.letter_words(case.kind, each) for each in Message.objects.exclude(what="")]
        due_days = [day(item.due_date) for item in items_of(case)]
        assert sum(moment(meets_at) in words for words in said) == 2
        assert moment(meets_at) in page
        assert day(localdate(office_now.now)) in page
    assert not any(ISO.search(words) for words in said)
    # The first of a month is also the end of the eleventh.
    assert all(len(re.findall(rf"(?<!\d){each}", paper)) == 3 for each in due_days)
    assert not ISO.search(re.sub(r'datetime="[^"]*"', "", page))


# ------------------------------------------------------------------- no names
def test_the_name_of_a_party_stands_in_its_seal_and_nowhere_else(office_now: Office) -> None:
    agreed(office_now)

    kept = Seal.objects.values_list("content", flat=True)
    assert len(kept) == 2
    assert not any(OTHER.name in content for content in kept)
