"""What the holder of a code reads first, and that it is nowhere in the terms of the office."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import translation
from django.utils.timezone import localdate

from bihuan import formats
from bihuan.cases import kind_wording, kinds
from bihuan.cases.actions.undoing import settle
from bihuan.cases.models import Case, Evidence
from bihuan.core import grievance
from bihuan.core.hazard import Stage
from bihuan.grievances.actions import suggestion
from bihuan.orgs.models import Post
from bihuan.portal import plain
from bihuan.portal.queries.track import INTERNAL
from bihuan.receipts import sides
from bihuan.receipts.models import Rating
from tests.clock import PRESENT, StoppedClock
from tests.factories import bring as bring_hazard
from tests.factories import make_cast, make_plan
from tests.grievances import offices
from tests.portal.conftest import County
from tests.portal.visitor import Visitor

pytestmark = pytest.mark.django_db

# What an office says to itself. 受理, 复查 and 复核 are the law's words for a person's rights.
OFFICE_TERMS = (
    "销号", "验收", "交办", "转办", "批转", "挂牌", "督办", "回头看", "反弹", "协办", "承办",
    "整改", "办结", "签发", "呈批", "会办", "立案", "归档", "存档", "子项", "包案", "裁定", "审批",
)  # fmt: skip
# The answers of a procedure quote its law.
OF_LAW = ("accepted/", "redirected/")
# Until then the officer may undo the act, and the public sees nothing of it.
SETTLED = timedelta(minutes=11)


def found(text: str) -> list[str]:
    return [term for term in OFFICE_TERMS if term in text]


def in_village(county: County) -> list[dict[str, object]]:
    return [{}, {"unit": county.village.pk, "place": "桥头"}, {"title": "路面有坑"}]


def acts_of(kind: kinds.Kind) -> set[str]:
    """Every act of the kind that the public's timeline may show."""
    return {*(row.move for row in kind.lifecycle.transitions), *kind.wording.happened} - INTERNAL


@pytest.mark.parametrize("kind", sorted(sides.receiving()))
def test_no_state_act_or_time_limit_is_told_in_terms_of_the_office(kind: str) -> None:
    side, own = sides.of(kind), kinds.by_name(kind)
    acts = acts_of(own)
    with translation.override("zh-hans"):
        said = {
            **{f"stage {s}": "".join(map(str, texts)) for s, texts in side.plain.stages.items()},
            **{f"due {s}": str(text) for s, text in side.plain.due.items()},
            **{f"term {t}": str(text) for t, text in side.plain.terms.items()},
            **{f"event {t}": str(text) for t, text in plain.EVENTS.items()},
            **{
                f"act {a}": str(side.plain.happened.get(a) or kind_wording.act_words(own, a))
                for a in acts
            },
            **{
                f"letter {a}": str(text)
                for a, text in side.letters.items()
                if not a.startswith(OF_LAW)
            },
        }

    assert {name: terms for name, text in said.items() if (terms := found(text))} == {}


@pytest.mark.parametrize("kind", sorted(sides.receiving()))
def test_every_stage_has_a_sentence_that_needs_no_details(kind: str) -> None:
    stages = kinds.by_name(kind).wording.stages

    told = sides.of(kind).plain.stages

    assert set(told) == set(stages)
    assert all("%(" not in str(texts[-1]) for texts in told.values())


# ------------------------------------------------------------------- the pages
def shown_of(page: str) -> str:
    """What is read without unfolding how a date was calculated, which quotes the law."""
    body = re.sub(r"<details>.*?</details>", "", page.partition("<main")[2], flags=re.S)
    return re.sub(r"<[^>]+>", " ", body.partition("</main>")[0])


@pytest.mark.parametrize("stage", [*Stage])
def test_the_page_of_a_hazard_speaks_plainly_in_every_stage(
    county: County, visitor: Visitor, clock: StoppedClock, stage: Stage
) -> None:
    page = visitor.report("hazard", *in_village(county))
    cast = make_cast(county.village)
    bring_hazard(
        Case.objects.get(), stage, cast=cast, plan=make_plan(cast.post, now=PRESENT), now=PRESENT
    )
    clock.wait(SETTLED)

    shown = visitor.track(page.code)

    assert found(shown_of(shown.text)) == []
    assert 'class="lead-state"' in shown.text


@pytest.mark.parametrize(
    "stage",
    ["received", "accepted", "handling", "drafted", "replied"],
)
def test_the_page_of_a_grievance_speaks_plainly(
    visitor: Visitor, clock: StoppedClock, stage: str
) -> None:
    realm = offices.make_realm()
    taken = offices.take(realm.town.unit, now=PRESENT)
    offices.bring(realm.town, grievance.Stage(stage), case=taken.case, now=PRESENT)
    clock.wait(SETTLED)

    shown = visitor.track(taken.code)

    letters = re.compile(r'<article class="card">.*?</article>', re.S)
    assert found(shown_of(letters.sub("", shown.text))) == []


# -------------------------------------------------------------------- the lead
def test_the_lead_says_what_was_done_by_whom_and_what_comes(
    county: County, visitor: Visitor, clock: StoppedClock
) -> None:
    page = visitor.report("hazard", *in_village(county))
    cast, case = make_cast(county.village), Case.objects.get()
    bring_hazard(
        case, Stage.VERIFIED, cast=cast, plan=make_plan(cast.post, now=PRESENT), now=PRESENT
    )
    clock.wait(SETTLED)

    lead = re.search(r'<p class="lead-state">(.*?)</p>', visitor.track(page.code).text)

    assert lead
    assert "已处理好" in lead[1]
    assert f"由{county.town.name}检查合格" in lead[1]
    assert re.search(r"将于\d+年\d+月\d+日.*前全部结束", lead[1])


def lead_of(visitor: Visitor, code: str) -> str:
    found = re.search(r'<p class="lead-state">(.*?)</p>', visitor.track(code).text)
    return found[1] if found else ""


def test_the_lead_names_the_step_that_is_due_first(
    county: County, visitor: Visitor, clock: StoppedClock
) -> None:
    page = visitor.report("hazard", *county.steps())
    cast, case = make_cast(county.town), Case.objects.get()
    bring_hazard(
        case, Stage.CONFIRMED, cast=cast, plan=make_plan(cast.post, now=PRESENT), now=PRESENT
    )
    clock.wait(SETTLED)
    first = min(each.due_at for each in case.clocks.filter(stopped_at=None))
    due = formats.day(localdate(first))

    assert due in lead_of(visitor, page.code)
    clock.wait(first - PRESENT)
    assert f"{due}前完成，现已超过" in lead_of(visitor, page.code)


def test_what_is_not_solved_is_not_called_finished(
    county: County, visitor: Visitor, clock: StoppedClock
) -> None:
    page = visitor.report("hazard", *county.steps())
    cast, case = make_cast(county.town), Case.objects.get()
    bring_hazard(case, Stage.CLOSED, cast=cast, plan=make_plan(cast.post, now=PRESENT), now=PRESENT)
    clock.wait(SETTLED)
    visitor.track(page.code)
    visitor.act("rate", solved="no", text="还是不亮")

    lead = lead_of(visitor, page.code)

    assert "没有解决" in lead
    assert "核查" in lead
    assert "结束" not in lead


def test_without_the_facts_the_lead_says_less(
    county: County, visitor: Visitor, clock: StoppedClock
) -> None:
    page = visitor.report("hazard", *county.steps())
    cast, case = make_cast(county.town), Case.objects.get()
    bring_hazard(
        case, Stage.CONFIRMED, cast=cast, plan=make_plan(cast.post, now=PRESENT), now=PRESENT
    )
    Case.objects.filter(pk=case.pk).update(stage="verified")
    clock.wait(SETTLED)

    assert "已处理好，检查合格。" in visitor.track(page.code).shown


def test_the_picture_of_the_result_comes_first_if_it_is_meant_for_the_public(
    county: County, visitor: Visitor
) -> None:
    page = visitor.report("hazard", *in_village(county))
    cast = make_cast(county.village)
    bring_hazard(
        Case.objects.get(),
        Stage.SUBMITTED,
        cast=cast,
        plan=make_plan(cast.post, now=PRESENT),
        now=PRESENT,
    )
    settle(now=PRESENT + SETTLED)
    assert "<figure" not in visitor.track(page.code).text

    Evidence.objects.filter(phase="after").update(shown_to="codes")

    shown = visitor.track(page.code).text
    row = Evidence.objects.get(phase="after")
    assert f"/track/photo/{row.pk}/" in shown.partition("<figure")[2].partition("</figure>")[0]
    assert shown.index("<figure") < shown.index("<section")


# ----------------------------------------------------------------- the exchange
def test_the_own_rating_stands_among_the_messages(county: County, visitor: Visitor) -> None:
    code = answered_suggestion(county, visitor)
    visitor.track(code)
    visitor.act("rate", solved="no", text="没有说到点子上")

    exchange = visitor.get("/track/case/").text.partition('id="said"')[2].partition("</section>")[0]

    assert "没有说到点子上" in exchange
    assert Rating.objects.get().solved is False


def test_a_suggestion_is_rated_as_an_answer(county: County, visitor: Visitor) -> None:
    code = answered_suggestion(county, visitor)
    page = visitor.track(code)
    assert "评价答复" in page.shown
    assert "评价是否解决" not in page.shown

    form = visitor.get("/track/case/rate/")
    assert "答复回应了您的建议吗" in form.shown
    assert "解决" not in form.shown

    page = visitor.act("rate", solved="yes")
    assert "答复回应了建议" in page.shown
    assert "再次评价答复" in page.shown


def answered_suggestion(county: County, visitor: Visitor) -> str:
    page = visitor.report("suggestion", {"title": "修一座桥"}, {"unit": county.town.pk}, {})
    suggestion.adopt(
        case=suggestion.consider(
            case=Case.objects.get(), actor=county.clerk, now=PRESENT, post=post_of(county)
        ),
        actor=county.clerk,
        now=PRESENT,
        note="已列入明年计划。",
    )
    settle(now=PRESENT + SETTLED)
    return page.code


def post_of(county: County) -> Post:
    return Post.objects.get(tenures__member=county.clerk)
