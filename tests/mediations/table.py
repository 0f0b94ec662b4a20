"""A dispute between two neighbours, and the acts that bring its mediation to each of its stages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from django.utils.timezone import localdate

from bihuan.cases.models import REPORTER, Case
from bihuan.core.mediation import Stage
from bihuan.core.powers import Power
from bihuan.mediations.actions import applications, parties, proceedings
from bihuan.mediations.actions.proceedings import Promise
from bihuan.mediations.models import Agreement, Performance, Session
from bihuan.orgs.models import Post, Unit, User
from bihuan.receipts.accounts import Account, Identity, Intake, IntakeResult
from bihuan.receipts.models import Message
from tests.factories import NOW, make_officer, make_unit

DAY = timedelta(days=1)
B = "party-2"
BOTH = (REPORTER, B)
APPLICANT = Identity(name="钱某甲", phone="13900000001", address="石桥村1号")
OTHER = Identity(name="孙某乙", phone="13900000002", email="b@example.org", address="石桥村2号")
TERMS = "甲方于约定之日前修复围墙。\n乙方承担一半费用。"


@dataclass
class Office:
    """A town that mediates, the county above it, and whoever works there."""

    county: Unit
    town: Unit
    coordinator: User
    mediator: User
    second: User
    auditor: User
    now: datetime = NOW

    @property
    def post(self) -> Post:
        return Post.objects.get(tenures__member=self.mediator)

    @property
    def second_post(self) -> Post:
        return Post.objects.get(tenures__member=self.second)


def make_office(now: datetime = NOW) -> Office:
    county = make_unit(name="云岭县")
    town = make_unit(county, name="望湖镇", kind=Unit.Kind.TOWN)
    return Office(
        county=county,
        town=town,
        coordinator=make_officer(town, Power.COORDINATE, Power.REPORT, name="李调度"),
        mediator=make_officer(town, Power.HANDLE, name="周调解", title="人民调解员"),
        second=make_officer(town, Power.HANDLE, name="吴调解", title="专职调解员"),
        auditor=make_officer(county, Power.AUDIT, name="郑审计"),
        now=now,
    )


def brought(
    office: Office, *, other: Identity | None = OTHER, key: str = "", actor: User | None = None
) -> IntakeResult:
    account = Account(
        title="围墙倒塌引起的邻里纠纷",
        unit=office.town,
        description="围墙倒向邻家院子。",
        place="石桥村东头",
        category="邻里纠纷",
        identity=APPLICANT,
    )
    return applications.bring(
        Intake(
            account=account,
            other_party=other,
            form_key=key or uuid4().hex,
            now=office.now,
            actor=actor,
        )
    )


def named(office: Office) -> Case:
    case = brought(office).case
    return proceedings.name_mediator(
        case=case, actor=office.coordinator, now=office.now, post=office.post
    )


def begun(office: Office) -> Case:
    case = named(office)
    for slot in BOTH:
        parties.consent(case=case, slot=slot, now=office.now)
    return proceedings.begin_talks(case=case, actor=office.mediator, now=office.now)


def promised(office: Office) -> list[Promise]:
    today = localdate(office.now)
    return [Promise("甲方修复围墙", today + 25 * DAY), Promise("乙方付款", today + 35 * DAY)]


def drafted(
    office: Office, case: Case | None = None, *, terms: str = TERMS, is_oral: bool = False
) -> Case:
    return proceedings.draft(
        case=case or begun(office),
        actor=office.mediator,
        now=office.now,
        terms=terms,
        promised=promised(office),
        is_oral=is_oral,
    )


def confirmed(office: Office, slots: Sequence[str] = BOTH) -> Case:
    case = drafted(office)
    for slot in slots:
        parties.confirm(case=case, slot=slot, now=office.now, digest=text_of(case).digest)
    return case


def agreed(office: Office) -> Case:
    return proceedings.conclude(
        case=confirmed(office),
        actor=office.mediator,
        now=office.now,
        effective_date=localdate(office.now),
    )


def at(office: Office, stage: Stage) -> Case:
    """A mediation in this open stage."""
    makers = {
        Stage.BROUGHT: named,
        Stage.MEDIATING: begun,
        Stage.DRAFTED: drafted,
        Stage.AGREED: agreed,
    }
    return makers[stage](office)


def text_of(case: Case) -> Agreement:
    return Agreement.objects.get(mediation=case.pk, withdrawn_at=None)


def items_of(case: Case) -> list[Performance]:
    return list(Performance.objects.filter(agreement=text_of(case)).order_by("due_date"))


def announced(office: Office, case: Case, when: datetime) -> Session:
    proceedings.meet(
        case=case, actor=office.mediator, now=office.now, meets_at=when, place="村委会调解室"
    )
    return Session.objects.filter(mediation=case.pk).latest("pk")


def running(case: Case) -> list[str]:
    clocks = case.clocks.filter(stopped_at=None)
    return sorted(clocks.values_list("rule_id", flat=True))


def told(case: Case, slot: str) -> list[str]:
    """What the party was told in standard words, in order."""
    found = Message.objects.filter(case=case, slot=slot).exclude(what="").order_by("pk")
    return list(found.values_list("what", flat=True))
