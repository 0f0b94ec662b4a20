"""Correct and erase what a reporter submitted, at the request of the code's holder (PRV-4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import override

from bihuan.cases import holding
from bihuan.cases.actions import clocks, gone, loop, words
from bihuan.cases.models import REPORTER, Case, CaseQuerySet, Evidence, GoneRow
from bihuan.clocks.actions import running
from bihuan.clocks.models import Clock
from bihuan.core import amending as rules
from bihuan.core import legible
from bihuan.core.amending import AmendmentOutcome, Wants
from bihuan.core.masking import masked
from bihuan.core.refusal import Missing
from bihuan.core.resent import mark_of
from bihuan.files import actions as files
from bihuan.journal.actions import erase_values, record
from bihuan.notices import actions as notices
from bihuan.orgs.models import User
from bihuan.receipts import places_elsewhere
from bihuan.receipts.actions import public, seals
from bihuan.receipts.models import Amendment, HeldAct, Message, Publication, Rating
from bihuan.receipts.queries import amendments
from bihuan.receipts.queries.amendments import Thing, What
from bihuan.web.templatetags.bihuan import day

LONGEST = 200


# -------------------------------------------------------------------- the person
@dataclass(frozen=True)
class Request:
    """A request: for which item, what, and why; a correction contains the right text."""

    thing: str
    wants: Wants
    right_words: str = ""
    reason: str = ""

    def mark(self, form_key: str) -> UUID:
        """Return what is stored of the form that makes the request."""
        return mark_of(form_key, self.wants, self.thing, self.right_words, self.reason)


@transaction.atomic
def ask(*, case: Case, slot: str, request: Request, form_key: str, now: datetime) -> Amendment:
    """Request that an item be corrected or erased; the same form sent twice makes one request."""
    case = loop.locked(case)
    mark = request.mark(form_key)
    if made := Amendment.objects.filter(form_key=mark).first():
        return made
    found = amendments.thing(case, slot, request.thing)
    if found is None or request.wants not in found.wants:
        raise rules.NotThere
    if waiting := amendments.open_on(case, slot, request.thing):
        raise rules.AlreadyAsked(waiting.asked_at)
    is_correction = request.wants is Wants.CORRECT
    given = Amendment.objects.create(
        case=case,
        slot=slot,
        thing=request.thing,
        told_at=found.told_at,
        wants=request.wants,
        right_words=_right(found, request.right_words) if is_correction else "",
        reason=legible.clean(request.reason),
        asked_at=now,
        clock=clocks.start(case, rules.TERM, now),
        handled_by=case.resolved_by,
        form_key=mark,
    )
    _record(given, "ask_amendment", now, by_reporter=True)
    _tell_deciders(given, case, now)
    return given


def _tell_deciders(given: Amendment, case: Case, now: datetime) -> None:
    notices.tell(
        amendments.deciders(case, now),
        subject=case.subject,
        what="amendment",
        cause=f"amendment/{given.pk}",
        now=now,
        detail={"title": case.title},
    )


def _right(found: Thing, text: str) -> str:
    """Return the corrected text; what identifies the case is masked as on arrival."""
    right = legible.words(text)
    if found.what in amendments.OF_CASE:
        right = masked(right).text
        _require_room(found.what, right)
    if not right:
        raise Missing("words")
    if right == found.words:
        raise rules.Unchanged
    return right


def _require_room(what: What, text: str) -> None:
    if what in (What.TITLE, What.PLACE) and len(text) > LONGEST:
        raise rules.TooLong(LONGEST)


@transaction.atomic
def take_back(*, case: Case, slot: str, thing: str, now: datetime) -> None:
    """Withdraw a request; nothing of its text remains."""
    case = loop.locked(case)
    given = amendments.open_on(case, slot, thing)
    if given is None:
        last = Amendment.objects.filter(case=case, slot=slot, thing=thing).last()
        if last is None or last.withdrawn_at is None:
            raise rules.NoLongerOpen
        return
    given.withdrawn_at, given.right_words, given.reason = now, "", ""
    given.save(update_fields=["withdrawn_at", "right_words", "reason"])
    _forget_held(given)
    running.stop(given.clock, now, outcome=Clock.Outcome.CANCELLED)
    _record(given, "take_back_amendment", now, by_reporter=True)


# -------------------------------------------------------------------- the office
@transaction.atomic
def decide(
    *,
    given: Amendment,
    actor: User,
    now: datetime,
    outcome: AmendmentOutcome,
    left: str = "",
    answer: str = "",
    basis: str = "",
) -> Amendment:
    """Grant the request, in full or in part, or refuse it with the reason; the reporter is
    notified.

    Erased text is gone permanently, and so is the text that a correction replaces.
    """
    case = loop.locked(given.case)
    given = Amendment.objects.select_for_update(of=("self",)).get(pk=given.pk)
    if not given.is_open:
        raise rules.NoLongerOpen
    unit = amendments.require_decider(given, case, actor, now)
    rules.require_reasons(outcome, answer, basis)
    given.is_held = holding.is_held_for_good(case)
    rules.require_kept_as_evidence(outcome, basis, is_held=given.is_held)
    if outcome is not AmendmentOutcome.REFUSED:
        _carry_out(given, case, outcome, left, actor, now)
    given.outcome, given.decided_at, given.decided_by, given.unit = outcome, now, actor, unit
    given.answer = legible.clean(answer)
    given.basis = "" if outcome is AmendmentOutcome.GRANTED else basis
    given.save()
    running.stop(given.clock, now)
    _record(given, "decide_amendment", now, actor=actor, unit=unit.name, outcome=outcome)
    message = Message.objects.create(
        case=case, slot=given.slot, kind=Message.Kind.NOTICE, what="amended", unit=unit,
        member=actor, said_at=now,
    )  # fmt: skip
    public.deliver(message, now)
    return given


def tell_hold_is_over(*, among: CaseQuerySet, actor: User, now: datetime) -> None:
    """Notify reporters whose request was refused because of a hold that they can ask again."""
    refused = Amendment.objects.filter(basis=rules.Basis.HELD)
    here = refused.filter(Q(case__in=among) | Q(case__in=among.values("parent")))
    rows = here.select_related("case", "unit").order_by("pk")
    for given in {(row.case_id, row.slot): row for row in rows}.values():
        if not holding.is_held(given.case):
            message = Message.objects.create(
                case=given.case, slot=given.slot, kind=Message.Kind.NOTICE, what="hold_over",
                unit=given.unit, member=actor, said_at=now,
            )  # fmt: skip
            public.deliver(message, now)


def _carry_out(
    given: Amendment, case: Case, outcome: AmendmentOutcome, left: str, actor: User, now: datetime
) -> None:
    found = amendments.thing(case, given.slot, given.thing)
    if found is None:
        raise rules.NotThere
    if found.what is What.PHOTO:
        _erase_photo(case, found, now)
    else:
        _write(case, given, found, _stays(given, found, outcome, left, now), actor, now)
    # The officer's form is older than this: if sent, it would restore the text.
    case.version += 1
    case.save(update_fields=["version"])
    _forget_requests(given)


def _stays(
    given: Amendment, found: Thing, outcome: AmendmentOutcome, left: str, now: datetime
) -> str:
    """Return the text that applies from then on."""
    stored = legible.clean(left)
    if given.wants == Wants.ERASE:
        return (
            erased(now)
            if outcome is AmendmentOutcome.GRANTED
            else rules.require_left_out(found.words, stored)
        )
    if outcome is AmendmentOutcome.GRANTED:
        return given.right_words
    if not stored:
        raise Missing("left")
    return rules.require_made_of(stored, found.words, given.right_words)


def erased(now: datetime) -> str:
    """Return the placeholder for erased text, in the language of the office's records."""
    with override(settings.LANGUAGE_CODE):
        text = _("[Erased on %(day)s at the request of the reporter]")
        return text % {"day": day(localdate(now))}


def _write(
    case: Case, given: Amendment, found: Thing, new: str, actor: User, now: datetime
) -> None:
    """Replace the text wherever it is stored."""
    match found.what:
        case What.MESSAGE:
            Message.objects.filter(pk=found.row).update(text=new)
        case What.RATING:
            Rating.objects.filter(pk=found.row).update(words=new)
        case What.HELD:
            pass
        case _:
            _write_on_parts(given, case, found, new, actor, now)
            _write_on_case(given, case, found.what, new, actor, now)
            seals.forget_words(case=case, slot=REPORTER, now=now)
    _write_on_held(case, given.slot, found, new)


def _write_on_parts(
    given: Amendment, whole: Case, found: Thing, new: str, actor: User, now: datetime
) -> None:
    """Sub-cases copied the place, and may have copied other texts."""
    for part in Case.objects.select_for_update(of=("self",)).filter(parent=whole).order_by("pk"):
        if amendments.words_on(part, found.what) == found.words:
            _write_on_parts(given, part, found, new, actor, now)
            _write_on_case(given, part, found.what, new, actor, now)
            part.version += 1
            part.save(update_fields=["version"])
            record(part.subject, "decide_amendment", by=actor, at=now, detail=_about(given))


def _write_on_case(
    given: Amendment, case: Case, what: What, new: str, actor: User, now: datetime
) -> None:
    """Replace the field, search index, titles in notices, and older values; workbooks exported
    earlier cannot restore the text.
    """
    gone.remember([case], GoneRow.Why.AMENDED)
    _require_room(what, new)
    setattr(case, what, new)
    if what is What.PLACE:
        places_elsewhere.forget(case)
        if given.wants == Wants.ERASE:
            # Also in part: the point on the map would reveal what was left out.
            case.point = None
            Publication.objects.filter(case=case).update(latitude=None, longitude=None)
    case.save(update_fields=[what, "latitude", "longitude", "cell"])
    words.index(case)
    if what is What.TITLE:
        notices.rename(case.number, new)
    erase_values(case.subject, by=actor, at=now, note="")


def _write_on_held(case: Case, slot: str, found: Thing, new: str) -> None:
    """Acts by a code from a desk were stored as received, and then carried out."""
    for row in HeldAct.objects.filter(case=case, code__slot=slot, decided_at__isnull=False):
        if (row.pk == found.row and found.what is What.HELD) or found.words in row.said.values():
            details = {name: new if isinstance(text, str) and text else text
                    for name, text in row.said.items()}  # fmt: skip
            HeldAct.objects.filter(pk=row.pk).update(said=details)


def _erase_photo(case: Case, found: Thing, now: datetime) -> None:
    row = Evidence.objects.select_related("file").get(pk=found.row, case=case)
    row.delete()
    if not Evidence.objects.filter(file=row.file).exists():
        files.discard(stored=[row.file], now=now)


def _forget_requests(given: Amendment) -> None:
    """The reasons may repeat the text, in this request and in earlier ones."""
    given.right_words, given.reason = "", ""
    about = Amendment.objects.filter(case=given.case_id, slot=given.slot, thing=given.thing)
    about.exclude(pk=given.pk).update(right_words="", reason="")
    _forget_held(given)


def _forget_held(given: Amendment) -> None:
    """Requests by a code from a desk were stored there as received."""
    names = [f"{wants}-{given.thing}" for wants in Wants]
    HeldAct.objects.filter(case=given.case_id, code__slot=given.slot, act__in=names).update(said={})


def _record(
    given: Amendment, act: str, now: datetime, *, actor: User | None = None, **detail: object
) -> None:
    """Without text: the entry cannot be erased."""
    record(given.case.subject, act, by=actor, at=now, detail={**_about(given), **detail})


def _about(given: Amendment) -> dict[str, object]:
    thing = amendments.what_of(given.thing).value
    return {"slot": given.slot, "thing": thing, "wants": given.wants}
