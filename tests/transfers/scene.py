"""A town that found something, the bureau that is competent, and the officers of both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bihuan.cases.actions import evidence
from bihuan.cases.models import Case, Evidence
from bihuan.core.hazard import Stage as CaseStage
from bihuan.core.powers import Power
from bihuan.orgs.models import Unit, User
from bihuan.transfers import queries
from bihuan.transfers.actions import letters
from bihuan.transfers.actions.letters import Content
from bihuan.transfers.acts import Act, Stage
from bihuan.transfers.models import Letter
from tests.factories import NOW, TODAY, make_case, make_officer, make_photo, make_unit


@dataclass(frozen=True)
class Scene:
    """The case, the two sides, and a unit that has nothing to do with it."""

    case: Case
    county: Unit
    town: Unit
    bureau: Unit
    coordinator: User
    leader: User
    receiver: User
    handler: User
    stranger: User
    now: datetime = NOW

    def content(self, **given: Any) -> Content:
        """What the letter says; by default to the bureau."""
        values: dict[str, Any] = {
            "to_unit": self.bureau,
            "to_name": "",
            "title": "违法使用林地",
            "place": "北山3号林班",
            "found": "林地内新建砂石堆场约两亩。",
            "basis": "《中华人民共和国森林法》第三十七条",
            **given,
        }
        return Content(**values)

    def drafted(self, **given: Any) -> Letter:
        return letters.draft(
            case=self.case, content=self.content(**given), actor=self.coordinator, now=self.now
        )

    def issued(self, **given: Any) -> Letter:
        return letters.issue(letter=self.drafted(**given), actor=self.leader, now=self.now)

    def received(self, **given: Any) -> Letter:
        return letters.receive(
            letter=self.issued(**given), received_date=self.day, receipt="林收12",
            actor=self.receiver, now=self.now,
        )  # fmt: skip

    def answered(self) -> Letter:
        return self.act(self.received(), Act.ANSWER)

    def withdrawn(self) -> Letter:
        return self.act(self.issued(), Act.WITHDRAW)

    @property
    def day(self) -> Any:
        return TODAY if self.now == NOW else self.now.date()

    def in_stage(self, stage: Stage) -> Letter:
        made: dict[Stage, Callable[[], Letter]] = {
            Stage.DRAFT: self.drafted,
            Stage.ISSUED: self.issued,
            Stage.RECEIVED: self.received,
            Stage.ANSWERED: self.answered,
            Stage.WITHDRAWN: self.withdrawn,
        }
        return made[stage]()

    def act(self, letter: Letter, act: Act, by: User | None = None) -> Letter:
        """Carry the act out, by an officer who may unless another is given."""
        leads, now = by or self.leader, self.now
        match act:
            case Act.CHANGE:
                return letters.change(
                    letter=letter, case=self.case, content=self.content(title="改过的事由"),
                    actor=by or self.coordinator, now=now,
                )  # fmt: skip
            case Act.ISSUE:
                return letters.issue(letter=letter, actor=leads, now=now)
            case Act.RECEIVE:
                return letters.receive(
                    letter=letter, received_date=self.day, receipt="", actor=by or self.receiver,
                    now=now,
                )  # fmt: skip
            case Act.ANSWER:
                return letters.answer(
                    letter=letter, answer="accepted", text="已立案查处。", answer_date=self.day,
                    actor=by or self.receiver, now=now,
                )  # fmt: skip
            case _:
                return letters.withdraw(
                    letter=letter, act=act, reason="重复。", actor=leads, now=now
                )

    def photo(self) -> Evidence:
        """A photo that an officer took for the case."""
        evidence.attach(
            case=self.case, actor=self.coordinator, now=self.now, uploads=[make_photo()],
            phase="before",
        )  # fmt: skip
        return queries.photos_of(self.case).latest("pk")


def make_scene(now: datetime = NOW) -> Scene:
    county = make_unit(name="石桥县")
    town = make_unit(county, name="青溪镇")
    bureau = make_unit(county, name="县林业局")
    coordinator = make_officer(town, Power.COORDINATE, Power.HANDLE, name="李协调")
    case = make_case(town, stage=CaseStage.REPORTED, title="林地内堆场", now=now)
    return Scene(
        case=case,
        county=county,
        town=town,
        bureau=bureau,
        coordinator=coordinator,
        leader=make_officer(town, Power.APPROVE, name="陈领导"),
        receiver=make_officer(bureau, Power.COORDINATE, name="周收函"),
        handler=make_officer(bureau, Power.HANDLE, name="吴经办"),
        stranger=make_officer(make_unit(county, name="外单位"), Power.COORDINATE, name="外人"),
        now=now,
    )


LATER = timedelta(days=31)
