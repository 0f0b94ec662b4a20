"""The pages of letters: who gets them, what they do, and what they make of strange input."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate

from bihuan.cases.models import Case
from bihuan.core.powers import Power
from bihuan.orgs.models import User
from bihuan.transfers.acts import Act, Stage
from bihuan.transfers.models import Letter
from bihuan.web import agenda
from tests.clock import PRESENT
from tests.conftest import CountQueries
from tests.factories import make_officer
from tests.transfers.scene import Scene, make_scene

pytestmark = pytest.mark.django_db
LISTING = reverse("transfers:letters")
# Queries of the frame of every page, and of the page itself.
FRAME, AT_MOST = 6, 12
EARLIER = PRESENT - timedelta(days=40)
DAY = localdate(PRESENT).isoformat()
SAYS = {
    "title": "违法使用林地",
    "place": "北山3号林班",
    "found": "林地内新建砂石堆场。",
    "basis": "《中华人民共和国森林法》第三十七条",
}


@pytest.fixture
def now_here(db: None) -> Scene:
    return make_scene(PRESENT - timedelta(hours=1))


def page(client: Client, user: User, url: str) -> str:
    client.force_login(user)
    answer = client.get(url)
    assert answer.status_code == 200, url
    return re.sub(r"\s+", " ", answer.content.decode())


def status(client: Client, user: User, url: str) -> int:
    client.force_login(user)
    answer = client.get(url)
    if answer.streaming:
        # Read to the end, so that the file is closed.
        assert b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    return answer.status_code


def send(client: Client, user: User, url: str, **given: object) -> int:
    client.force_login(user)
    return client.post(url, given or {"csrf": ""}).status_code


def acted(letter: Letter, act: str) -> str:
    return reverse("transfers:act", args=[letter.pk, act])


# ----------------------------------------------------------------- from draft to answer
def test_a_letter_goes_over_the_pages_from_draft_to_answer(client: Client, now_here: Scene) -> None:
    s = now_here
    url = reverse("transfers:draft", args=[s.case.number])
    given = {**SAYS, "to_unit": s.bureau.pk, "form_key": "00000000-0000-4000-8000-000000000001"}
    assert url in page(client, s.coordinator, s.case.get_absolute_url())
    assert send(client, s.coordinator, url, **given) == 302
    assert send(client, s.coordinator, url, **given) == 302
    letter = Letter.objects.get()

    assert send(client, s.leader, acted(letter, "issue")) == 302
    assert send(client, s.receiver, acted(letter, "receive"), received_date=DAY) == 302
    answer = {"answer": "done", "text": "已拆除。", "answer_date": DAY}
    assert send(client, s.receiver, acted(letter, "answer"), **answer) == 302

    letter.refresh_from_db()
    assert (letter.stage, letter.answer) == (Stage.ANSWERED, "done")
    assert "已拆除。" in page(client, s.coordinator, letter.get_absolute_url())
    assert letter.number in page(client, s.coordinator, letter.get_absolute_url() + "sheet/")


def test_the_form_begins_with_the_words_of_the_office_and_never_of_the_public(
    client: Client, now_here: Scene
) -> None:
    url = reverse("transfers:draft", args=[now_here.case.number])
    assert "灯不亮。" in page(client, now_here.coordinator, url)

    Case.objects.filter(pk=now_here.case.pk).update(channel="portal")

    assert "灯不亮。" not in page(client, now_here.coordinator, url)


def test_a_form_sent_again_after_the_letter_moved_on_says_so(
    client: Client, now_here: Scene
) -> None:
    letter = now_here.drafted()
    assert send(client, now_here.leader, acted(letter, "issue")) == 302
    assert send(client, now_here.leader, acted(letter, "issue")) == 302

    assert "状态已变更" in page(client, now_here.leader, letter.get_absolute_url())
    assert Letter.objects.get().number.endswith("0001")


# --------------------------------------------------------------------- who gets what
def test_others_get_no_page_of_a_letter(client: Client, now_here: Scene) -> None:
    s = now_here
    letter = s.issued(photos=[s.photo()])
    photo = reverse("transfers:photo", args=[letter.pk, 1])
    here = letter.get_absolute_url()
    urls = [here, f"{here}sheet/", photo, *(acted(letter, act) for act in Act)]

    assert {status(client, s.stranger, url) for url in urls} == {404}
    assert letter.title not in page(client, s.stranger, LISTING)
    for user in (s.receiver, s.handler, s.coordinator):
        assert {status(client, user, url) for url in urls[:3]} == {200}
    assert status(client, s.handler, acted(letter, "receive")) == 404
    assert status(client, s.receiver, acted(letter, "withdraw")) == 404
    assert status(client, s.receiver, reverse("transfers:draft", args=[s.case.number])) == 404


def test_the_receiver_gets_the_letter_and_its_photos_but_not_the_case(
    client: Client, now_here: Scene
) -> None:
    s = now_here
    enclosed, other = s.photo(), s.photo()
    letter = s.issued(photos=[enclosed])
    shown = page(client, s.receiver, letter.get_absolute_url())

    assert status(client, s.receiver, s.case.get_absolute_url()) == 404
    assert s.case.get_absolute_url() not in shown
    assert s.case.number not in shown
    assert "灯不亮" not in shown
    for photo in (enclosed, other):
        assert status(client, s.receiver, f"{s.case.get_absolute_url()}files/{photo.pk}/") == 404
    assert status(client, s.receiver, reverse("transfers:photo", args=[letter.pk, 2])) == 404


def test_buttons_are_only_for_those_who_may(client: Client, now_here: Scene) -> None:
    letter = now_here.drafted()
    issue = acted(letter, "issue")

    assert issue in page(client, now_here.leader, letter.get_absolute_url())
    assert issue not in page(client, now_here.coordinator, letter.get_absolute_url())
    draft = reverse("transfers:draft", args=[now_here.case.number])
    assert draft not in page(client, now_here.leader, now_here.case.get_absolute_url())


# ------------------------------------------------------------------------ the case
def test_the_page_of_the_case_says_that_an_answer_is_owed(client: Client, now_here: Scene) -> None:
    s = now_here
    here = s.case.get_absolute_url()
    letter = s.issued()
    assert "县林业局尚未答复移送函" in page(client, s.coordinator, here)

    Case.objects.filter(pk=s.case.pk).update(stage="rejected", ended_at=PRESENT)
    shown = page(client, s.coordinator, here)
    assert "县林业局尚未答复移送函" in shown
    assert reverse("transfers:draft", args=[s.case.number]) not in shown

    s.act(s.act(letter, Act.RECEIVE), Act.ANSWER)
    assert "尚未答复" not in page(client, s.coordinator, here)


# ------------------------------------------------------------------------ strange input
@pytest.mark.parametrize(
    "wrong",
    [
        {"title": " "}, {"title": "长" * 201}, {"found": "\x00"}, {"found": ""},
        {"found": "长" * 4001}, {"basis": ""}, {"place": "\u200b"},
        {"to_unit": ""}, {"to_unit": "999999"}, {"to_unit": "x\x00"}, {"to_name": "县公安局"},
        {"photos": "999999"}, {"papers": "\x00"}, {"form_key": "no-key"},
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_and_nothing_is_written(
    client: Client, now_here: Scene, wrong: dict[str, str]
) -> None:
    now_here.photo()
    url = reverse("transfers:draft", args=[now_here.case.number])

    client.force_login(now_here.coordinator)
    answer = client.post(url, {**SAYS, "to_unit": now_here.bureau.pk, **wrong})

    assert answer.status_code == 200
    assert 'class="error-summary"' in answer.content.decode()
    assert not Letter.objects.exists()


def test_what_was_typed_is_shown_as_text(client: Client, now_here: Scene) -> None:
    letter = now_here.drafted(title="=cmd|' /C calc'!A0", found="<b>堆场</b>")

    for url in (letter.get_absolute_url(), letter.get_absolute_url() + "sheet/"):
        shown = page(client, now_here.coordinator, url)
        assert "&lt;b&gt;堆场" in shown
        assert "<b>堆场" not in shown


@pytest.mark.parametrize(
    "wrong",
    [
        {"answer": "maybe"}, {"answer": ""}, {"text": ""}, {"text": "\x00"},
        {"answer_date": "2999-01-01"}, {"answer_date": "x"}, {"answer_date": "0001-01-01"},
    ],
)  # fmt: skip
def test_a_wrong_answer_is_refused(client: Client, now_here: Scene, wrong: dict[str, str]) -> None:
    letter = now_here.received()
    given = {"answer": "done", "text": "已拆除。", "answer_date": DAY, **wrong}

    assert send(client, now_here.receiver, acted(letter, "answer"), **given) == 200
    letter.refresh_from_db()
    assert letter.stage == Stage.RECEIVED


@pytest.mark.parametrize("name", ["no-act", "draft", "x" * 200])
def test_an_unknown_act_has_no_page(client: Client, now_here: Scene, name: str) -> None:
    assert status(client, now_here.leader, acted(now_here.drafted(), name)) == 404


# ----------------------------------------------------------------------------- the list
def test_the_list_is_filtered_by_side_state_unit_and_words(client: Client, now_here: Scene) -> None:
    s = now_here
    s.issued(title="第一函")
    s.act(s.received(title="第二函"), Act.ANSWER)

    def listed(user: User, query: str) -> list[str]:
        shown = page(client, user, f"{LISTING}?{query}")
        return [title for title in ("第一函", "第二函") if title in shown]

    assert listed(s.coordinator, "") == ["第一函"]
    assert listed(s.coordinator, "state=all") == ["第一函", "第二函"]
    assert listed(s.coordinator, "state=answered") == ["第二函"]
    assert listed(s.coordinator, "state=overdue") == []
    assert listed(s.coordinator, "side=received&state=all") == []
    assert listed(s.receiver, "side=received&state=all") == ["第一函", "第二函"]
    assert listed(s.receiver, "side=sent&state=all") == []
    assert listed(s.coordinator, f"unit={s.bureau.pk}&side=received") == ["第一函"]
    assert listed(s.coordinator, f"q={s.case.number}") == ["第一函"]
    assert listed(s.receiver, f"q={s.case.number}") == []  # which case it was is the sender's
    assert listed(s.coordinator, "q=%00第一") == ["第一函"]
    for strange in ("unit=%00", "unit=99999999999999999999", "older=x", "side=x&state=x"):
        page(client, s.coordinator, f"{LISTING}?{strange}")


def test_a_page_makes_the_same_queries_whatever_the_rows(
    client: Client, now_here: Scene, count_queries: CountQueries
) -> None:
    s = now_here
    counts: dict[str, set[int]] = {}
    for _round in range(2):
        photos = [s.photo() for _ in range(3)]
        letter = s.issued(photos=photos)
        # The notices about the case are read.
        page(client, s.coordinator, s.case.get_absolute_url())
        for url in (LISTING, letter.get_absolute_url(), s.case.get_absolute_url()):
            page(client, s.coordinator, url)
            with count_queries() as queries:
                client.get(url)
            name = "letter" if url == letter.get_absolute_url() else url
            counts.setdefault(name, set()).add(len(queries))
        s.issued()

    assert all(len(found) == 1 for found in counts.values()), counts
    assert max(counts[LISTING] | counts["letter"]) <= FRAME + AT_MOST, counts


# ------------------------------------------------------------------------------- Today
def _today(user: User) -> list[tuple[str, str]]:
    user = User.objects.get(pk=user.pk)
    found = agenda.sections(user, PRESENT)
    items = [item for section in found for item in section.items if "letters/" in item.url]
    return [(item.title, str(item.step_url).rstrip("/").rpartition("/")[2]) for item in items]


def test_each_side_finds_its_next_step_on_today(now_here: Scene) -> None:
    s = now_here
    draft = s.drafted(title="第一函")
    assert (_today(s.leader), _today(s.coordinator), _today(s.receiver)) == (
        [("第一函", "issue")], [], [],
    )  # fmt: skip

    issued = s.act(draft, Act.ISSUE)
    assert (_today(s.leader), _today(s.receiver)) == ([], [("第一函", "receive")])

    s.act(issued, Act.RECEIVE)
    assert (_today(s.coordinator), _today(s.receiver)) == ([], [("第一函", "answer")])


def test_an_overdue_answer_is_on_today_of_both_sides(db: None) -> None:
    s = make_scene(EARLIER)
    s.received(title="第一函")

    assert _today(s.receiver) == [("第一函", "answer")]
    assert _today(s.coordinator) == [("第一函", "")]
    assert _today(s.stranger) == []


def test_the_sender_is_asked_to_record_what_a_body_outside_does(db: None) -> None:
    s = make_scene(PRESENT - timedelta(hours=1))
    outside = {"to_unit": None, "to_name": "县公安局"}
    letter = s.issued(title="第一函", **outside)
    assert _today(s.coordinator) == [("第一函", "receive")]

    s.act(letter, Act.RECEIVE, by=s.coordinator)
    assert _today(s.coordinator) == []

    late = replace(s, now=EARLIER)
    second = make_officer(s.town, Power.COORDINATE)
    late.act(late.issued(title="第二函", **outside), Act.RECEIVE, by=second)
    assert _today(s.coordinator) == [("第二函", "answer")]
