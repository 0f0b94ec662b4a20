"""Everything on the page of one case, with a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from bihuan.cases import kinds, queries, wording
from bihuan.cases.actions import turning
from bihuan.cases.models import Case, Evidence, Exclusion
from bihuan.cases.queries import prepared
from bihuan.clocks.actions.running import of, of_subject
from bihuan.clocks.models import Clock
from bihuan.core import lifecycle, likeness
from bihuan.core.acting import Person
from bihuan.core.capture import PlaceVerdict, TimeVerdict
from bihuan.core.lifecycle import Situation
from bihuan.core.powers import Power
from bihuan.core.rules import Confidence, Rule
from bihuan.desk import pages, timeline, why_not
from bihuan.desk.move_pages import AnyMovePage
from bihuan.files import wording as file_words
from bihuan.files.models import StoredFile
from bihuan.orgs import access, choices
from bihuan.orgs.models import User
from bihuan.web.timeline import Timeline, TimelineEntry

AT_HAND = 2  # buttons in addition to the next step: more would not fit in a row on a phone
DOUBTFUL = frozenset({PlaceVerdict.FAR, TimeVerdict.OLD, TimeVerdict.FUTURE})
CHECKERS = {Power.VERIFY, Power.COORDINATE, Power.APPROVE, Power.SUPERVISE, Power.AUDIT}


def case_for(user: User, number: str, now: datetime) -> Case:
    """Return the case with its pending requests and the holder of its post, in one query."""
    return queries.seen_by(user, prepared.case_of_page.one(number, localdate(now)), now)


# --------------------------------------------------------------------- buttons
@dataclass(frozen=True)
class Button:
    """A move that the officer may make now."""

    move: str
    page: AnyMovePage


@dataclass(frozen=True)
class Buttons:
    """The next step, the secondary moves, and the rest."""

    primary: Button | None
    beside: list[Button]
    more: list[Button]
    # Why the officer may not make the next step, if a former post prevents it.
    why_not: str = ""

    def offer(self, move: str) -> bool:
        """Whether the officer may make this move now."""
        return any(button.move == move for button in (*self.beside, *self.more))


def buttons(case: Case, user: User, now: datetime) -> Buttons:
    """Return exactly the moves that the rules permit this officer now, the next step first."""
    of_kind = pages.of(case)
    seen, person = queries.situation(case), queries.person(user, now)
    rows = {row.move: row for row in _permitted(case, seen, person)}
    advancing = [m for m in of_kind.primary_moves if m in rows and rows[m].target != case.stage]
    own = of_kind.next_step(case, now) if advancing else None
    first = own if own is not None else advancing[0] if advancing else ""
    shown = [Button(move, of_kind.moves[move]) for move in rows if move in of_kind.moves]
    rest = [button for button in shown if button.move != first]
    if case.import_check == Case.ImportCheck.WAITING:  # to decide on it comes before a recurrence
        rest.sort(key=lambda button: button.move not in of_kind.foremost)
    beside = [button for button in rest if button.move in of_kind.secondary_moves][:AT_HAND]
    return Buttons(
        next((button for button in shown if button.move == first), None),
        beside,
        [button for button in rest if button not in beside],
        why_not.check(kinds.of(case), seen, person),
    )


def instead_of(move: str, case: Case, user: User, now: datetime) -> list[Button]:
    """Return the other decisions on the stage of the case that the officer may make now."""
    of_kind = pages.of(case)
    return [
        Button(row.move, of_kind.moves[row.move])
        for row in permitted(case, user, now)
        if row.move in of_kind.moves and row.move != move and row.target not in {None, case.stage}
    ]


def permitted(case: Case, user: User, now: datetime) -> tuple[lifecycle.Transition, ...]:
    """Return what the rules permit, including facts that the move's own form can bring."""
    return _permitted(case, queries.situation(case), queries.person(user, now))


def _permitted(case: Case, seen: Situation, person: Person) -> tuple[lifecycle.Transition, ...]:
    seen = replace(seen, facts=seen.facts | pages.of(case).brought)
    return lifecycle.permitted(kinds.of(case).lifecycle, seen, person)


# ---------------------------------------------------------------------- clocks
@dataclass(frozen=True)
class Running:
    """A running clock, with the rule that it is pinned to."""

    clock: Clock
    rule: Rule

    @property
    def name(self) -> str:
        return wording.in_language(self.rule.name)

    @property
    def source(self) -> str:
        return wording.in_language(self.rule.source)

    @property
    def is_unverified(self) -> bool:
        return self.rule.confidence is Confidence.RECALLED

    @property
    def is_own(self) -> bool:
        return self.rule.confidence is Confidence.PROJECT_DEFAULT


def running(case: Case) -> list[Running]:
    """Return the running clocks of the case, the first to end first."""
    return [Running(row, of(row).rule) for row in of_subject(case.subject)]


# -------------------------------------------------------------------- evidence
@dataclass(frozen=True)
class Picture:
    """A photo or document of the case, with information for the verifier."""

    row: Evidence
    verdicts: list[str]
    is_doubtful: bool
    is_reused: bool
    reused_number: str
    # It is from before the work was sent back or reopened, or looks like an earlier photo.
    is_old: bool = False
    is_repeated: bool = False
    # An officer who may add evidence now may also turn it.
    is_turnable: bool = False


@dataclass(frozen=True)
class Pictures:
    """The evidence by what it shows."""

    before: list[Picture]
    after: list[Picture]
    check: list[Picture]
    documents: list[Picture]
    # The fix is reported as done, but no one who did it has shown it.
    lacks_fix: bool = False
    are_shown: bool = False  # to some holders of codes

    @property
    def are_photos(self) -> bool:
        """Whether there is a photo to print."""
        shown = (*self.before, *self.after, *self.check)
        return any(each.row.file.kind == StoredFile.Kind.PHOTO for each in shown)

    @property
    def papers(self) -> list[StoredFile]:
        """Return the documents, whose names are printed."""
        rows = [each.row.file for each in (*self.before, *self.after, *self.check, *self.documents)]
        return [file for file in rows if file.kind == StoredFile.Kind.DOCUMENT]


def pictures(case: Case, user: User, now: datetime) -> Pictures:
    seats = access.seats(user, localdate(now))
    checks = any(seat.powers & CHECKERS for seat in seats)
    rows = prepared.evidence(case.pk)
    numbers = _used_in(case, rows, user, now) if checks else {}
    found = [_picture(row, numbers.get(row.pk, ""), checks, user) for row in rows]
    found = _against_earlier(case, found, checks) if kinds.of(case).shows_fix else found

    def showing(phase: Evidence.Phase) -> list[Picture]:
        return [each for each in found if each.row.phase == phase]

    phases = Evidence.Phase
    after, kind = showing(phases.AFTER), kinds.of(case)
    shown = [each.row for each in after]
    lacks_fix = (
        bool(kind.shows_fix)
        and case.stage in kind.fix_done
        and not any(row.added_by_id and row.file.kind == StoredFile.Kind.PHOTO for row in shown)
    )
    return Pictures(
        showing(phases.BEFORE),
        after,
        showing(phases.CHECK),
        showing(phases.DOCUMENT),
        lacks_fix,
        are_shown=any(row.shown_to == Evidence.Audience.CODES for row in rows),
    )


def _used_in(case: Case, rows: Iterable[Evidence], user: User, now: datetime) -> dict[int, str]:
    """Return the case in which each reused picture was found, by number.

    The first one that the officer may know of and reaches by a post is named: a hidden case does
    not hide the others.
    """
    reused = {row.pk: row.reused_from_id for row in rows if row.reused_from_id}
    if not reused:
        return {}
    same = Q(pk__in=reused.values()) | Q(reused_from__in=reused.values())
    known = Evidence.objects.filter(same, queries.open_to(user, now, "case")).exclude(case=case)
    others = list(known.select_related("case").order_by("pk"))
    seen = queries.seen_among(user, {other.case.number for other in others}, now)
    numbers: dict[int, str] = {}
    for other in others:
        if other.case.number in seen:
            for pk, first in reused.items():
                if other.pk < pk and first in (other.pk, other.reused_from_id):
                    numbers.setdefault(pk, other.case.number)
    return numbers


def _picture(row: Evidence, number: str, checks: bool, user: User) -> Picture:
    return Picture(
        row,
        verdicts=_verdicts(row.file) if checks else [],
        is_doubtful=bool({row.file.capture_place, row.file.capture_time} & DOUBTFUL),
        # An officer who did the work would learn what the comparison misses.
        is_reused=checks and row.reused_from_id is not None,
        reused_number=number,
        is_turnable=turning.is_turned_by(row, user),
    )


def _against_earlier(case: Case, found: list[Picture], checks: bool) -> list[Picture]:
    """Mark the photos of the fix from before it was sent back or reopened; and for officers who
    check it, those that look like one of these.

    A good photo of a fix looks like the photo of the problem: it shows the same place.
    """
    after, sent_back = Evidence.Phase.AFTER, case.returned_at

    def is_old(row: Evidence) -> bool:
        is_returned = sent_back is not None and row.added_at <= sent_back
        return row.phase == after and (is_returned or row.added_at < case.round_at)

    old = {each.row.pk for each in found if is_old(each.row)}
    earlier: list[int] = []
    marked = []
    for each in found:
        row, looks = each.row, each.row.file.perceptual_hash
        is_now = row.phase == after and row.pk not in old
        is_like = checks and is_now and looks is not None and likeness.shows_any(looks, earlier)
        marked.append(replace(each, is_old=row.pk in old, is_repeated=is_like))
        if looks is not None and row.pk in old:
            earlier.append(looks)
    return marked


def _verdicts(file: StoredFile) -> list[str]:
    """Return the results of the comparison of time and place; empty if nothing could be
    compared.
    """
    said: list[str] = []
    if file.capture_place and file.capture_place != PlaceVerdict.NONE:
        said.append(str(file_words.PLACES[PlaceVerdict(file.capture_place)]))
    if file.capture_time and file.capture_time != TimeVerdict.NONE:
        said.append(str(file_words.TIMES[TimeVerdict(file.capture_time)]))
    return said


# ------------------------------------------------------------------------ page
@dataclass(frozen=True)
class Dossier:
    """The page of one case."""

    case: Case
    kind: kinds.Kind
    pages: pages.Pages
    stage: str
    buttons: Buttons
    # Why the next step is to be made, by another officer.
    reason: TimelineEntry | None
    clocks: list[Running]
    pictures: Pictures
    timeline: Timeline
    parts: list[tuple[Case, str]]
    assisting: list[tuple[str, str]]
    part_of: str
    duplicate_of: str


def dossier(case: Case, user: User, now: datetime) -> Dossier:
    parts = prepared.parts(case.pk) if queries.has(case, "parts") else []
    beside = [other.number for other in (case.parent, case.duplicate_of, *parts) if other]
    entries, shut = timeline.timeline(case, user, now, besides=beside)
    offered = buttons(case, user, now)
    following = offered.primary.move if offered.primary else ""

    def named(other: Case | None) -> str:
        return other.number if other and other.number not in shut else ""

    return Dossier(
        case=case,
        kind=kinds.of(case),
        pages=pages.of(case),
        stage=str(kinds.stage_words(case.kind, case.stage)),
        buttons=offered,
        reason=timeline.explaining(case, following, entries.entries),
        clocks=running(case),
        pictures=pictures(case, user, now),
        timeline=entries,
        parts=[
            (part, str(kinds.stage_words(part.kind, part.stage))) for part in parts if named(part)
        ],
        assisting=[(choices.name_of(each.unit), each.task) for each in queries.assists(case)],
        part_of=named(case.parent),
        duplicate_of=named(case.duplicate_of),
    )


def complained_of(case: Case, now: datetime) -> list[str]:
    """Return the units and officers that an accusation concerns, for readers with access.

    Only confidential cases have them, and only officers on the need-to-know list can open the page.
    """
    if not case.is_confidential:
        return []
    bars = Exclusion.objects.filter(case=case, cause=Exclusion.Cause.COMPLAINED_OF).order_by("pk")
    found = list(bars.select_related("unit", "member"))
    if not found and not Exclusion.objects.filter(case=case).exists():
        return [_("No office is named yet, and no officer excluded. Name it when you classify it.")]
    units = [choices.name_of(bar.unit) for bar in found if bar.unit]
    return units + [_officer(bar.member, localdate(now)) for bar in found if bar.member]


def _officer(member: User, on: date) -> str:
    """Return the officer with their current posts, by which the reporter chose."""
    posts = [
        f"{choices.name_of(s.unit)} · {choices.title_of(s.post)}"
        for s in access.own_seats(member, on)
    ]
    return f"{member.name} ({'; '.join(posts)})" if posts else member.name
