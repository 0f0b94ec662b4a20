"""A province at work: an officer of each kind at a browser, and somebody of the public."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import cycle, islice
from urllib.parse import urlsplit

from bihuan.cases import kinds
from bihuan.cases.models import Case
from bihuan.core.powers import Power
from bihuan.core.undoing import WITHIN
from bihuan.desk import dossier
from bihuan.journal.models import Entry
from bihuan.orgs.models import Post, Unit, User
from bihuan.receipts.models import Message, Publication
from tests.factories import make_officer
from tests.grievances.offices import Realm, make_realm
from tests.walk.forms import Forms, Given
from tests.walk.people import Answer, Person
from tests.walk.site import Site

SECONDS_OVER_A_FORM = 40
STEPS = 6  # more than any report has
TRY = 2  # officers who may not; all of them at each page take minutes and find no more
# An officer of each kind; the others are there because a grievance goes from office to office.
KINDS = {
    "reporter", "duty", "coordinator", "handler", "head", "verifier", "leader", "administrator",
    "auditor",
}  # fmt: skip
CODE = re.compile(r'class="(?:slip-)?code">([\d ]+)<')


@dataclass
class World:
    """Who is there, and what was done so far."""

    site: Site
    realm: Realm
    officers: dict[str, User]
    browsers: dict[str, Person]
    public: Person
    made: set[tuple[str, str]] = field(default_factory=set)
    turns: Iterator[str] = field(default_factory=lambda: cycle(sorted(KINDS)))
    tried: set[str] = field(default_factory=set)
    code: str = ""

    @property
    def town(self) -> Unit:
        return self.realm.town.unit

    def at(self, role: str) -> Person:
        return self.browsers[role]

    def post_of(self, role: str) -> Post:
        return Post.objects.get(tenures__member=self.officers[role])

    def others(self, by: str, may_not: Callable[[str], bool] = lambda _: True) -> Iterator[str]:
        """A few kinds of officer, in turn, who try what they may not."""
        turn = (next(self.turns) for _ in KINDS)
        for other in islice((each for each in turn if each != by and may_not(each)), TRY):
            self.tried.add(other)
            yield other

    # ------------------------------------------------------------------- moves
    def move(self, case: Case, role: str, move: str, **given: Given) -> Case:
        """One move by its page: others, who may not make it, try first and change nothing."""
        path = f"{case.get_absolute_url()}{move}/"
        page = self.at(role).get(path)
        assert page.status == 200, f"{role} may not {move} in {case.stage}: {page.told}"
        if (case.kind, move) not in self.made:
            for other in self.others(role, lambda other: not self._may(case, other, move)):
                self._try(case, other, path)
        self.site.later(seconds=SECONDS_OVER_A_FORM)
        answer = self.at(role).send(page, sent_to=path, **given)
        assert answer.is_done, answer.told
        return self.took_effect(case, move)

    def took_effect(self, case: Case, move: str) -> Case:
        """The case as the move left it: one version on, and the move stands in the journal."""
        fresh = Case.objects.get(pk=case.pk)
        assert fresh.version > case.version, f"{move} did nothing to {case.number}"
        acts = Entry.objects.filter(chain__subject=case.subject).order_by("-seq")
        assert move in acts[:2].values_list("act", flat=True), f"{move} is not in the journal"
        self.made.add((case.kind, move))
        return fresh

    # -------------------------------------------------------------- the public
    def report(self, matter: str, *, by: Person | None = None, **given: str) -> tuple[Case, str]:
        """What the public reports by the portal, step by step, and the code that it gets."""
        person = by or self.public
        told = {"place": "双河桥头", "title": "桥头路灯坏了", "description": "晚上看不见。"} | given
        if matter != "accusation":
            told.setdefault("unit", str(self.town.pk))
        page = person.follow(person.get(f"/report/{matter}/"))
        for _step in range(STEPS):
            page = self._step(person, page, told)
            if found := CODE.search(page.page):
                case = Case.objects.latest("pk")
                self.made.add((case.kind, kinds.of(case).lifecycle.birth))
                return case, found[1]
        raise AssertionError(page.told)

    def _step(self, person: Person, page: Answer, told: Mapping[str, str]) -> Answer:
        """Fill in one step of a report, and look at what comes of it."""
        form = next(each for each in Forms(page.page).forms if "form" in each.controls)
        go = "send" if "work" in form.controls else "next"
        sent = [pair for pair in form.filled({}) if pair[0] not in told]
        self.site.later(seconds=SECONDS_OVER_A_FORM)
        to = form.action or urlsplit(page.path).path
        return person.follow(person.post(to, [*sent, *told.items(), ("go", go)]))

    def enter(self, code: str) -> str:
        """Show the code of a report, and again when it was forgotten for safety; in the place of
        one from a desk another is taken, and answered."""
        self.code = code
        answer = self.public.fill("/track/", sent_to="/track/", code=code)
        if answer.location == "/track/renew/":
            page = self.public.get("/track/renew/")
            found = CODE.search(page.page)
            assert found, page.told
            self.code = found[1]
            answer = self.public.send(page, last=self.code[-4:])
        assert answer.location.startswith("/track/case/"), answer.told
        return self.code

    def track(self, case: Case, act: str, move: str = "", **given: Given) -> Case:
        """What the holder of the code that was entered last does, once no act can be undone."""
        self.site.later(seconds=2 * WITHIN.total_seconds())
        page = self._tracked(f"/track/case/{act}/")
        self.site.later(seconds=SECONDS_OVER_A_FORM)
        answer = self.public.send(page, sent_to="", **given)
        assert answer.is_done or CODE.search(answer.page), answer.told
        return self.took_effect(case, move or act)

    def answer(self, case: Case, question: Message, **given: Given) -> Case:
        """What the holder of the code answers to a question of the office."""
        page = self._tracked(f"/track/case/answer/{question.pk}/")
        self.site.later(seconds=SECONDS_OVER_A_FORM)
        answer = self.public.send(page, sent_to="", **given)
        assert answer.is_done, answer.told
        return self.took_effect(case, "add")

    def retaliation(self, case: Case) -> None:
        """Somebody suffers for having spoken: a case of its own, unknown to the first."""
        answer = self.public.follow(self.public.fill("/track/case/retaliation/"))
        assert CODE.search(answer.page), answer.told
        made = Case.objects.latest("pk")
        assert made.is_confidential
        assert made.pk != case.pk
        self.made.add((case.kind, "report_retaliation"))

    def me_too(self, shown: Publication) -> None:
        """One more whom a published danger concerns."""
        answer = self.public.fill("/near/", sent_to=f"/near/{shown.pk}/me-too/")
        assert answer.is_done, answer.told
        assert Publication.objects.get(pk=shown.pk).me_too == shown.me_too + 1

    def party(self, case: Case, move: str, **given: Given) -> Case:
        """What a party of a mediation does with the code that was entered last."""
        page = self._tracked("/track/case/")
        self.site.later(seconds=SECONDS_OVER_A_FORM)
        form = next(
            each
            for each in Forms(page.page).forms
            if each.action == "/track/case/party/" and move in each.controls["move"].values
        )
        answer = self.public.post(form.action, form.filled(given))
        assert answer.is_done, answer.told
        return self.took_effect(case, move)

    def _tracked(self, path: str) -> Answer:
        """A page behind the code; half an hour after it was shown it is asked for again."""
        page = self.public.get(path)
        if page.location or "/track/case/" not in page.page:
            self.enter(self.code)
            page = self.public.get(path)
        return page

    def _may(self, case: Case, role: str, move: str) -> bool:
        now, user = self.site.now, self.officers[role]
        try:
            seen = dossier.case_for(user, case.number, now)
        except Case.DoesNotExist:
            return False
        return move in {row.move for row in dossier.permitted(seen, user, now)}

    def _try(self, case: Case, role: str, path: str) -> None:
        """Send the form by somebody who may not."""
        sent = self.at(role).post(path, [("version", str(case.version)), ("note", "试一试")])
        assert sent.status in (200, 403, 404, 409), f"{role}: {sent.told}"
        assert Case.objects.get(pk=case.pk).version == case.version, f"{role} changed {path}"


def make_world(site: Site) -> World:
    """The offices of a province, down to a town, and an officer with each power."""
    realm = make_realm()
    town, county = realm.town.unit, realm.county.unit
    officers = {
        "reporter": make_officer(town, Power.REPORT, name="张报"),
        "duty": make_officer(town, Power.DUTY, name="值班"),
        "coordinator": realm.town.coordinator,
        "handler": realm.town.handler,
        "head": realm.town.head,
        "mediator": make_officer(town, Power.HANDLE, name="吴调解"),
        "verifier": make_officer(county, Power.VERIFY, name="赵验收"),
        "leader": make_officer(county, Power.APPROVE, Power.SUPERVISE, name="陈领导"),
        "county coordinator": realm.county.coordinator,
        "county handler": realm.county.handler,
        "county head": realm.county.head,
        "city handler": realm.city.handler,
        "city head": realm.city.head,
        "bureau coordinator": realm.bureau.coordinator,
        "administrator": make_officer(realm.province.unit, Power.ADMINISTER, name="管理员"),
        "auditor": make_officer(realm.province.unit, Power.AUDIT, name="郑审计"),
    }
    browsers = {role: site.officer(user) for role, user in officers.items()}
    return World(site, realm, officers, browsers, site.person())
