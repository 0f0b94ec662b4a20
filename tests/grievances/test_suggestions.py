"""A suggestion: considered, adopted or not with reasons, published if the person agreed."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.test import Client
from django.utils import translation

from bihuan.cases.actions.undoing import settle
from bihuan.cases.models import Case, Exclusion
from bihuan.core.lifecycle import FactMissing
from bihuan.core.powers import Power
from bihuan.core.refusal import Missing, NotAllowed, SamePerson, WrongStage
from bihuan.core.suggestion import Stage, SuggestionFact
from bihuan.core.undoing import WITHIN
from bihuan.grievances.actions import category, suggestion
from bihuan.grievances.kind import suggestion as kind
from bihuan.grievances.models import Category
from bihuan.grievances.refusals import AboutThem
from bihuan.orgs.access import Console
from bihuan.orgs.models import Post, Unit, User
from bihuan.receipts.accounts import Account, Intake, IntakeResult
from bihuan.receipts.actions import public, publications
from bihuan.receipts.actions.publications import Shown
from bihuan.receipts.models import Message, Publication
from bihuan.receipts.wording import letters
from tests.clock import PRESENT
from tests.conftest import CountQueries
from tests.factories import NOW, make_officer, make_unit

pytestmark = pytest.mark.django_db

# Queries, whatever a page shows; one is for the acts that can be undone, one for unread notices.
AT_MOST = 16


@dataclass(frozen=True)
class Office:
    """A county with a town: who coordinates, who looks into things, who decides."""

    county: Unit
    town: Unit
    coordinator: User
    handler: User
    leader: User

    @property
    def post(self) -> Post:
        return Post.objects.get(tenures__member=self.handler)


@pytest.fixture
def office() -> Office:
    county = make_unit(name="云溪县")
    town = make_unit(county, name="双河镇", kind=Unit.Kind.TOWN)
    return Office(
        county=county,
        town=town,
        coordinator=make_officer(county, Power.COORDINATE, name="李调度"),
        handler=make_officer(town, Power.HANDLE, name="王研究"),
        leader=make_officer(town, Power.APPROVE, name="陈镇长"),
    )


def taken(office: Office, key: str = "s1", *, may_publish: bool = True) -> IntakeResult:
    account = Account(title="镇上增设晚班公交", description="末班车太早。", unit=office.town)
    return suggestion.receive(
        Intake(account=account, form_key=key, now=NOW, may_publish=may_publish)
    )


def considered(office: Office, *, may_publish: bool = True) -> Case:
    case = taken(office, may_publish=may_publish).case
    return suggestion.consider(case=case, actor=office.coordinator, now=NOW, post=office.post)


def adopted(office: Office, *, may_publish: bool = True) -> Case:
    case = considered(office, may_publish=may_publish)
    return suggestion.adopt(case=case, actor=office.leader, now=NOW, note="十月起试行。")


def running(case: Case) -> list[str]:
    clocks = case.clocks.filter(stopped_at=None)
    return sorted(clocks.values_list("rule_id", flat=True))


# ------------------------------------------------------------------ taken in
def test_a_suggestion_is_taken_in_once_with_its_own_number_and_the_offices_own_target(
    office: Office,
) -> None:
    first, second = taken(office), taken(office)

    case = first.case
    assert case.pk == second.case.pk
    assert first.code == second.code
    assert (case.number, case.stage) == ("JY-2026-000001", Stage.RECEIVED)
    assert running(case) == ["PET-1"]
    # No law sets a period, so none is promised.
    assert first.due is None


def test_the_category_that_was_chosen_stands_on_the_case(office: Office) -> None:
    category.load(actor=Console.CONSOLE, now=NOW)
    chosen = Category.objects.get(code="020301")
    account = Account(title="增设晚班公交", unit=office.town)

    case = suggestion.receive(
        Intake(account=account, form_key="k", now=NOW, may_publish=False, subject=chosen)
    ).case

    assert case.category == chosen.name
    assert case.suggestion.category == chosen


def test_a_clerk_takes_in_only_where_a_post_of_theirs_reaches(office: Office) -> None:
    account = Account(title="建议", unit=office.county)

    with pytest.raises(NotAllowed):
        suggestion.receive(
            Intake(account=account, form_key="k", now=NOW, may_publish=True, actor=office.handler)
        )


# ---------------------------------------------------------------- considered
def test_it_is_given_to_a_post_that_looks_into_it(office: Office) -> None:
    case = considered(office)

    assert (case.stage, case.owner, case.post) == (Stage.CONSIDERING, office.town, office.post)
    assert Message.objects.get(case=case).what == "considering"


def test_it_never_goes_to_a_unit_that_it_complains_of_nor_below(office: Office) -> None:
    case = taken(office).case
    Case.objects.filter(pk=case.pk).update(owner=office.county)
    Exclusion.objects.create(
        case=case, unit=office.town, cause=Exclusion.Cause.COMPLAINED_OF, since_at=NOW, added_at=NOW
    )

    with pytest.raises(AboutThem):
        suggestion.consider(case=case, actor=office.coordinator, now=NOW, post=office.post)


def test_the_answer_goes_to_the_person_with_its_reasons(office: Office) -> None:
    case = adopted(office)

    letter = Message.objects.get(case=case, kind=Message.Kind.LETTER)
    assert (case.stage, running(case)) == (Stage.ADOPTED, [])
    assert (letter.what, letter.text) == ("adopted", "十月起试行。")
    assert case.suggestion.adopted is True
    assert case.ended_at == NOW


def test_it_may_be_adopted_in_part(office: Office) -> None:
    case = suggestion.adopt(
        case=considered(office), actor=office.leader, now=NOW, note="仅周末。", partly=True
    )

    assert Message.objects.filter(case=case, what="adopted_partly").exists()


def test_it_is_not_turned_down_without_reasons(office: Office) -> None:
    case = considered(office)

    with pytest.raises(Missing):
        suggestion.not_adopt(case=case, actor=office.leader, now=NOW, note="  ")

    case = suggestion.not_adopt(case=case, actor=office.leader, now=NOW, note="客流不足。")
    assert case.suggestion.adopted is False
    assert Message.objects.get(case=case, what="not_adopted").text == "客流不足。"


def test_whoever_looks_into_it_does_not_decide(office: Office) -> None:
    with pytest.raises(NotAllowed):
        suggestion.adopt(case=considered(office), actor=office.handler, now=NOW, note="可以")


# ------------------------------------------------------------------ published
def test_it_is_published_in_words_of_its_own_with_consent(office: Office) -> None:
    shown = Shown(title="晚班公交", text="有人建议增设晚班公交。", answer="十月起试行。")

    case = publications.publish(case=adopted(office), actor=office.leader, now=NOW, shown=shown)

    assert case.stage == Stage.PUBLISHED
    assert Publication.objects.get(case=case).text == "有人建议增设晚班公交。"


def test_without_consent_nothing_is_published(office: Office) -> None:
    case = adopted(office, may_publish=False)

    with pytest.raises(FactMissing) as refused:
        publications.publish(
            case=case, actor=office.leader, now=NOW, shown=Shown(title="甲", text="乙")
        )

    assert refused.value.fact is SuggestionFact.MAY_PUBLISH
    assert not Publication.objects.exists()


def test_a_suggestion_is_published_with_its_substance(office: Office) -> None:
    with pytest.raises(Missing, match="text"):
        publications.publish(
            case=adopted(office), actor=office.leader, now=NOW, shown=Shown(title="甲")
        )


def test_what_was_published_is_withdrawn_with_a_reason_and_may_be_shown_again(
    office: Office,
) -> None:
    shown = Shown(title="甲", text="乙")
    case = publications.publish(case=adopted(office), actor=office.leader, now=NOW, shown=shown)

    case = publications.unpublish(case=case, actor=office.leader, now=NOW, note="表述有误")
    assert Publication.objects.get(case=case).withdrawn_at == NOW

    publications.publish(case=case, actor=office.leader, now=NOW, shown=shown)
    assert Publication.objects.get(case=case).withdrawn_at is None


# ------------------------------------------------------------ the other side
def test_whoever_wrote_it_takes_it_back_until_it_is_answered(office: Office) -> None:
    case = suggestion.withdraw(case=considered(office), now=NOW)
    assert (case.stage, running(case)) == (Stage.WITHDRAWN, [])

    with pytest.raises(WrongStage):
        suggestion.withdraw(case=case, now=NOW)


def test_not_solved_is_looked_into_by_somebody_who_did_not_answer(office: Office) -> None:
    case = adopted(office)
    settle(now=NOW + 2 * WITHIN)
    case = public.rate(case=case, solved=False, now=NOW)

    with pytest.raises(SamePerson):
        public.follow_up(case=case, actor=office.leader, now=NOW, note="已看")
    public.follow_up(case=case, actor=office.coordinator, now=NOW, note="试行已开始。")

    assert case.follow_ups.get().done_by == office.coordinator


# ---------------------------------------------------------------------- pages
def test_every_move_of_the_table_that_an_officer_makes_has_a_page() -> None:
    rows = kind.KIND.lifecycle.transitions
    office = {row.move for row in rows if row.powers and row.sources}

    assert office == set(kind.PAGES.moves)


def test_every_letter_has_standard_words_in_both_languages(office: Office) -> None:
    shown = Shown(title="甲", text="乙")
    case = publications.publish(case=adopted(office), actor=office.leader, now=NOW, shown=shown)

    for language in ("zh-hans", "en"):
        with translation.override(language):
            text = [letters.letter_words("suggestion", each) for each in case.messages.all()]
        assert all(text)
        assert len(text) == 3


def test_the_case_page_shows_the_suggestion_and_costs_no_more_than_any(
    office: Office, client: Client, count_queries: CountQueries
) -> None:
    shown = Shown(title="晚班公交", text="有人建议增设晚班公交。")
    case = publications.publish(case=adopted(office), actor=office.leader, now=NOW, shown=shown)
    client.force_login(office.coordinator)
    client.get("/desk/")  # from here on the sign-in was seen

    with count_queries() as queries:
        page = client.get(case.get_absolute_url()).content.decode()

    assert "有人建议增设晚班公交。" in page
    assert "十月起试行。" in page
    # Of a case that has ended it is also asked whether a hold keeps it from disposal.
    assert len(queries) <= AT_MOST + 1, "\n".join(q["sql"][:150] for q in queries)


def test_the_whole_way_is_walked_on_the_pages(office: Office, client: Client) -> None:
    case = taken(office).case
    steps: list[tuple[User, str, dict[str, object]]] = [
        (office.coordinator, "consider", {"post": office.post.pk}),
        (office.leader, "adopt", {"partly": "no", "note": "十月起试行。"}),
        (office.leader, "publish", {"title": "晚班公交", "text": "增设晚班公交。"}),
        (office.leader, "unpublish", {"note": "改日期"}),
    ]
    for who, move, given in steps:
        client.force_login(who)
        case.refresh_from_db()
        url = f"{case.get_absolute_url()}{move}/"
        assert client.get(url).status_code == 200
        response = client.post(url, {**given, "version": case.version})
        assert response.status_code == 302, response.content.decode()

    case.refresh_from_db()
    assert case.stage == Stage.PUBLISHED
    assert case.publication.withdrawn_at is not None


def test_the_sheet_is_printed(office: Office, client: Client) -> None:
    client.force_login(office.coordinator)

    page = client.get(f"{adopted(office).get_absolute_url()}sheet/")

    assert page.status_code == 200
    assert "十月起试行。" in page.content.decode()


def test_today_lists_what_is_to_be_handed_on_and_answered(office: Office) -> None:
    now = PRESENT
    taken(office, "s1")
    suggestion.consider(
        case=taken(office, "s2").case, actor=office.coordinator, now=NOW, post=office.post
    )

    def numbers(user: User) -> list[list[str]]:
        found = kind.waiting(user, now)
        return [[task.number for task in section.items] for section in found]

    assert numbers(office.coordinator) == [["JY-2026-000001"], ["JY-2026-000002"]]
    assert numbers(office.leader) == [[], ["JY-2026-000002"]]
    assert numbers(office.handler) == [[], ["JY-2026-000002"]]
    assert numbers(make_officer(make_unit(), Power.COORDINATE)) == [[], []]
