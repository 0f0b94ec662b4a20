"""Whether it is solved may be said again: each answer is kept, and “not solved” is always work."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from bihuan.cases.models import Case
from bihuan.core.grievance import Stage
from bihuan.journal import queries as journal
from bihuan.notices.models import Notice
from bihuan.receipts.actions import public
from bihuan.receipts.dialogue import dialogue
from bihuan.receipts.models import FollowUp, Message, Rating
from tests.at_once import at_once
from tests.factories import NOW
from tests.grievances.offices import Realm, bring, make_realm

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=1)


@pytest.fixture
def realm() -> Realm:
    return make_realm()


@pytest.fixture
def case(realm: Realm) -> Case:
    return bring(realm.town, Stage.REPLIED)


def said(case: Case) -> list[bool]:
    return list(Rating.objects.filter(case=case).order_by("pk").values_list("solved", flat=True))


def test_not_solved_after_solved_opens_its_item(case: Case) -> None:
    public.rate(case=case, solved=True, now=NOW, form_key="a")

    public.rate(case=case, solved=False, now=LATER, text="灯又灭了", form_key="b")

    item = FollowUp.objects.get(case=case)
    assert said(case) == [True, False]
    assert (item.said_at, item.clock.rule_id, item.done_at) == (LATER, "LOC-10", None)
    assert Notice.objects.filter(what="unsolved").exists()
    assert [entry.act for entry in journal.timeline(case.subject)].count("rate") == 2


def test_the_same_page_sent_with_another_answer_is_another_answer(case: Case) -> None:
    for solved in (True, False, False):
        public.rate(case=case, solved=solved, now=NOW, form_key="the page that Back shows")

    assert said(case) == [True, False]
    assert FollowUp.objects.count() == 1


def test_solved_after_not_solved_closes_no_item(case: Case) -> None:
    public.rate(case=case, solved=False, now=NOW, form_key="a")

    public.rate(case=case, solved=True, now=LATER, form_key="b")

    assert said(case) == [False, True]
    assert FollowUp.objects.get(case=case).done_at is None


def test_not_solved_said_twice_is_one_item(case: Case) -> None:
    for key in ("a", "b"):
        public.rate(case=case, solved=False, now=NOW, text=key, form_key=key)

    assert FollowUp.objects.get(case=case).ratings.count() == 2


def test_not_solved_after_it_was_looked_into_opens_it_again(realm: Realm, case: Case) -> None:
    public.rate(case=case, solved=False, now=NOW, form_key="a")
    public.follow_up(case=case, actor=realm.town.coordinator, now=NOW, note="已换灯泡。")

    public.rate(case=case, solved=False, now=LATER, form_key="b")

    answers = FollowUp.objects.filter(case=case).order_by("pk").values_list("answer", flat=True)
    assert list(answers) == ["已换灯泡。", ""]


def test_the_page_of_the_case_tells_the_item_once_with_the_last_that_asks_for_it(
    realm: Realm, case: Case
) -> None:
    for key in ("a", "b"):
        public.rate(case=case, solved=False, now=NOW, text=key, form_key=key)
    public.rate(case=case, solved=True, now=NOW, form_key="c")

    shown = dialogue(_fresh(case), realm.town.coordinator, NOW).ratings

    assert [each.is_open for each in shown] == [False, True, False]


def test_words_changed_after_going_back_are_added_too(case: Case) -> None:
    for text in ("东边", "西边", "西边"):
        public.add(case=case, text=text, now=NOW, form_key="the page that Back shows")

    texts = Message.objects.filter(case=case, kind="addition").order_by("pk")
    assert list(texts.values_list("text", flat=True)) == ["东边", "西边"]


def test_a_question_answered_in_another_tab_is_added_to(realm: Realm, case: Case) -> None:
    public.ask_reporter(case=case, actor=realm.town.handler, now=NOW, note="哪一盏灯？")
    question = Message.objects.get(case=case, kind="question")

    for tab, text in (("a", "第一盏"), ("b", "第二盏")):
        public.add(case=case, text=text, now=NOW, form_key=tab, question=question)

    assert Message.objects.get(case=case, kind="answer").text == "第一盏"
    assert Message.objects.get(case=case, kind="addition").text == "第二盏"


# --------------------------------------------------------------------- at once


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_tabs_at_the_same_moment_lose_no_answer_and_open_one_item() -> None:
    case = bring(make_realm().town, Stage.REPLIED)

    def tab(key: str, *, solved: bool) -> Callable[[], object]:
        return lambda: public.rate(case=case, solved=solved, now=NOW, text=key, form_key=key)

    at_once(
        *(tab(f"solved {n}", solved=True) for n in range(3)),
        *(tab(f"not solved {n}", solved=False) for n in range(3)),
        *(tab("sent twice", solved=False) for _ in range(2)),
    )

    assert sorted(said(case)) == [False] * 4 + [True] * 3
    assert FollowUp.objects.get(case=case).ratings.count() == 4


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_tabs_that_answer_one_question_at_the_same_moment_are_both_heard() -> None:
    realm = make_realm()
    case = bring(realm.town, Stage.REPLIED)
    public.ask_reporter(case=case, actor=realm.town.handler, now=NOW, note="哪一盏灯？")
    question = Message.objects.get(case=case, kind="question")

    def tab(text: str) -> Callable[[], object]:
        return lambda: public.add(case=case, text=text, now=NOW, form_key=text, question=question)

    at_once(tab("第一盏"), tab("第二盏"), tab("第二盏"))

    received = Message.objects.filter(case=case, kind__in=Message.FROM_PERSON)
    assert sorted(received.values_list("kind", flat=True)) == ["addition", "answer"]
    assert set(received.values_list("text", flat=True)) == {"第一盏", "第二盏"}


def _fresh(case: Case) -> Case:
    return Case.objects.with_facts().with_beside().select_related("owner").get(pk=case.pk)
