"""Papers of a site: added, renewed and withdrawn, with a clock that warns before they expire."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest

from bihuan.clocks.actions import ticking
from bihuan.clocks.models import Clock
from bihuan.core.powers import Power
from bihuan.core.refusal import Missing, NotAllowed
from bihuan.notices.models import Notice
from bihuan.orgs.models import Unit, User
from bihuan.sites import queries
from bihuan.sites.actions import papers, registering
from bihuan.sites.actions.papers import PaperFacts
from bihuan.sites.models import Site, SitePaper
from bihuan.sites.refusals import ExpiresBeforeIssue, PaperEnded, SiteClosed, UnknownKind
from tests.factories import NOW, TODAY, make_officer, make_site, make_unit

pytestmark = pytest.mark.django_db
SOON = TODAY + timedelta(days=20)


@pytest.fixture
def town() -> Unit:
    return make_unit(make_unit())


@pytest.fixture
def keeper(town: Unit) -> User:
    return make_officer(town, Power.COORDINATE)


@pytest.fixture
def site(town: Unit) -> Site:
    return make_site(town)


def _added(site: Site, keeper: User, expires: date | None = SOON, **facts: object) -> SitePaper:
    stated = PaperFacts(kind="boiler_test", expires_date=expires, **facts)  # type: ignore[arg-type]
    return papers.add(site=site, facts=stated, actor=keeper, now=NOW)


def _clock(paper: SitePaper) -> Clock:
    return Clock.objects.get(subject=paper.subject)


def _tick(now: datetime) -> None:
    ticking.tick(now=now)


def test_a_paper_that_expires_has_a_clock_until_that_day(site: Site, keeper: User) -> None:
    paper = _added(site, keeper)

    clock = _clock(paper)
    assert clock.due_at.astimezone(NOW.tzinfo).date() >= SOON
    assert clock.unit == site.unit
    assert not Clock.objects.filter(subject=_added(site, keeper, None).subject).exists()


def test_the_area_and_the_trade_are_warned_before_a_paper_expires(site: Site, keeper: User) -> None:
    fire = make_unit()
    inspector = make_officer(fire, Power.COORDINATE)
    site.regulators.create(trade="fire", unit=fire)
    paper = _added(site, keeper, TODAY + timedelta(days=59))

    _tick(NOW + timedelta(days=30))

    told = Notice.objects.filter(subject=paper.subject).values_list("member", flat=True)
    assert set(told) == {keeper.pk, inspector.pk}


def test_a_paper_that_expires_in_years_causes_no_notice_yet(site: Site, keeper: User) -> None:
    paper = _added(site, keeper, TODAY + timedelta(days=700))

    _tick(NOW + timedelta(days=400))

    assert not Notice.objects.filter(subject=paper.subject).exists()
    assert _clock(paper).next_at is not None


def test_a_renewed_paper_takes_the_place_and_keeps_the_history(site: Site, keeper: User) -> None:
    old = _added(site, keeper, number="G-1")
    new = papers.renew(
        paper=old,
        facts=PaperFacts(kind="boiler_test", number="G-2", expires_date=SOON + timedelta(365)),
        actor=keeper,
        now=NOW,
    )

    assert [*queries.papers_of(site)] == [new]
    assert queries.earlier_papers(new) == [old]
    assert _clock(old).outcome == Clock.Outcome.MET
    assert _clock(new).outcome == Clock.Outcome.RUNNING
    with pytest.raises(PaperEnded):
        papers.renew(paper=old, facts=PaperFacts("boiler_test"), actor=keeper, now=NOW)


def test_the_same_form_adds_or_renews_a_paper_once(site: Site, keeper: User) -> None:
    old, key = _added(site, keeper), UUID(int=5)
    facts = PaperFacts(kind="boiler_test")

    first, again = (
        papers.renew(paper=old, facts=facts, actor=keeper, now=NOW, form_key=key) for _ in range(2)
    )

    assert first == again
    assert SitePaper.objects.count() == 2


def test_a_paper_is_withdrawn_with_a_reason(site: Site, keeper: User) -> None:
    paper = _added(site, keeper)
    with pytest.raises(Missing):
        papers.withdraw(paper=paper, reason=" ", actor=keeper, now=NOW)

    papers.withdraw(paper=paper, reason="重复登记", actor=keeper, now=NOW)

    assert not queries.papers_of(site).exists()
    assert _clock(paper).outcome == Clock.Outcome.CANCELLED


def test_a_paper_whose_clock_has_not_begun_is_renewed_and_withdrawn(
    site: Site, keeper: User
) -> None:
    old = _added(site, keeper, TODAY + timedelta(days=400))

    new = papers.renew(paper=old, facts=PaperFacts("boiler_test"), actor=keeper, now=NOW)
    papers.withdraw(paper=new, reason="登记有误", actor=keeper, now=NOW)

    assert not Clock.objects.exists()


def test_a_regulator_adds_papers_and_others_do_not(site: Site) -> None:
    market = make_unit()
    site.regulators.create(trade="market", unit=market)

    assert _added(site, make_officer(market, Power.HANDLE)).site == site
    with pytest.raises(NotAllowed):
        _added(site, make_officer(make_unit(), Power.COORDINATE))


def test_what_is_stated_of_a_paper_is_checked(site: Site, keeper: User) -> None:
    with pytest.raises(ExpiresBeforeIssue):
        _added(site, keeper, issued_date=SOON + timedelta(days=1))
    with pytest.raises(UnknownKind):
        papers.add(site=site, facts=PaperFacts(kind="passports"), actor=keeper, now=NOW)


def test_only_certificates_of_staff_have_a_count(site: Site, keeper: User) -> None:
    facts = PaperFacts(kind="health_certificates", count=12, expires_date=SOON)

    certificates = papers.add(site=site, facts=facts, actor=keeper, now=NOW)

    assert certificates.count == 12
    assert _added(site, keeper, count=3).count is None


def test_papers_of_a_closed_site_rest_until_it_is_reopened(site: Site, keeper: User) -> None:
    paper = _added(site, keeper)
    registering.close(site=site, reason="停业", actor=keeper, now=NOW)
    assert _clock(paper).outcome == Clock.Outcome.CANCELLED
    with pytest.raises(SiteClosed):
        _added(site, keeper)

    registering.reopen(site=site, reason="复业", actor=keeper, now=NOW)

    running = Clock.objects.filter(subject=paper.subject, stopped_at=None)
    assert running.count() == 1


def test_clocks_of_papers_follow_a_site_to_another_unit(site: Site, keeper: User) -> None:
    paper, other = _added(site, keeper), make_unit(site.unit.parent)
    assert site.unit.parent is not None
    coordinator = make_officer(site.unit.parent, Power.COORDINATE)

    registering.move(site=site, unit=other, reason="区划调整", actor=coordinator, now=NOW)

    assert _clock(paper).unit == other
