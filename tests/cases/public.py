"""Reports of the public, as the tests of what surrounds them need them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bihuan.cases.models import Case
from bihuan.core.powers import Power
from bihuan.grievances.actions import registration
from bihuan.hazards.actions import reporting
from bihuan.orgs.models import Unit, User
from bihuan.receipts.accounts import Account, Identity, Intake, IntakeResult
from bihuan.receipts.models import Seal
from tests.clock import PRESENT
from tests.factories import make_officer, make_unit

WHO = Identity(
    name="欧阳娜塔莉娅·铁穆尔", phone="+86 139-0013-9001", email="ouyang.nt@postbox.example",
    address="云溪县古槐巷907号后院",
)  # fmt: skip
_keys = itertools.count(1)


@dataclass(frozen=True)
class Office:
    """A county over a town over a village; in the town two people work on what is reported."""

    county: Unit
    town: Unit
    village: Unit
    clerk: User
    handler: User
    head: User
    supervisor: User


def make_office() -> Office:
    county = make_unit(name="云溪县")
    town = make_unit(county, name="双河镇")
    village = make_unit(town, name="石桥村")
    return Office(
        county,
        town,
        village,
        clerk=make_officer(town, Power.COORDINATE, name="孙登记"),
        handler=make_officer(town, Power.HANDLE, name="王经办"),
        head=make_officer(town, Power.APPROVE, name="周镇长"),
        supervisor=make_officer(county, Power.SUPERVISE, Power.COORDINATE, name="陈督导"),
    )


def told(
    unit: Unit, *, now: datetime | None = None, kind: str = "hazard", **account: Any
) -> IntakeResult:
    """What somebody tells on the portal about something in this unit."""
    number = next(_keys)
    given = {"title": f"井盖破损 {number}", "place": "古槐巷口", "identity": WHO, **account}
    receive = {"hazard": reporting.receive, "grievance": registration.receive}[kind]
    return receive(
        Intake(Account(unit=unit, **given), form_key=f"form-{number}", now=now or PRESENT)
    )


def accused(unit: Unit, *, now: datetime | None = None, **account: Any) -> IntakeResult:
    """Something of which this very unit is accused: only the level above knows of it."""
    return told(unit, now=now, about_units=(unit,), is_confidential=True, **account)


def seal_of(case: Case) -> Seal:
    return Seal.objects.get(case=case)
