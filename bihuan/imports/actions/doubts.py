"""Rows that may be existing cases: found by place, day and words, and asked about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import Any, Generic, NamedTuple, TypeVar

from bihuan.core import sameness
from bihuan.core.history import RowFault, RowRefused
from bihuan.core.sameness import Identity
from bihuan.imports.known import Candidate, candidates, identity
from bihuan.imports.rows import ImportRow, KnownRow, Update
from bihuan.sheets.ledger.rows import (
    Answer,
    Answers,
    Doubt,
    FieldChange,
    ImportResult,
    Judged,
    Question,
    Resembles,
    RowOutcome,
)

R = TypeVar("R", bound=ImportRow)
Days = Callable[[Collection[int]], Mapping[int, date]]


class Likely(NamedTuple):
    """The most probable case of a row, and why; certain if all values are equal."""

    held: KnownRow
    doubt: Doubt
    is_sure: bool


class Pending(NamedTuple, Generic[R]):
    """A row that may be an existing case, and why.

    If its number is not enough, it is identified by number and words from here on; `first_key` is
    its key in the file.
    """

    judged: Judged[R]
    held: KnownRow
    doubt: Doubt
    first_key: str
    is_sure: bool = False

    @property
    def of_file(self) -> Judged[R]:
        return self.judged._replace(key=self.first_key)


class Link(NamedTuple, Generic[R]):
    """A row, and the case from another source that it was linked to."""

    judged: Judged[R]
    held: KnownRow


# ------------------------------------------------------------------------ finding
def likely(
    kind: str,
    rows: Sequence[Judged[Any]],
    *,
    through: int,
    days: Days,
    heirs: Mapping[int, int],
    is_out: Callable[[KnownRow], bool],
    hidden: Callable[[Collection[KnownRow]], Collection[str]],
) -> dict[int, Likely]:
    """For each row that resembles a case, return the most similar case, by the row's position.

    `days` are the days on which the cases were found, `heirs` the successors of closed units;
    `is_out` excludes cases that no row can be, `hidden` are numbers that are not revealed.
    """
    found = candidates(kind, [each.given.content for each in rows], through=through)
    secret = hidden([case.held for case in found]) if found else ()
    found = [case for case in found if case.held.number not in secret]
    found_on = days([case.held.pk for case in found]) if found else {}
    by_day: dict[tuple[date, str], list[Candidate]] = defaultdict(list)
    for case in found:
        if is_out(case.held):
            continue
        day = found_on.get(case.held.pk, case.identity.day)
        account = _of_heirs(case.identity._replace(day=day), heirs)
        dated = case._replace(identity=account)
        for text in {case.identity.place, case.title}:
            by_day[day, text].append(dated)
    best = ((at, _best(each, by_day, heirs)) for at, each in enumerate(rows)) if by_day else ()
    return {at: found for at, found in best if found is not None}


def _of_heirs(account: Identity, heirs: Mapping[int, int]) -> Identity:
    """Find the same problem in the units that continue the work of closed ones."""
    origin, owner = account.origin, account.owner
    heir = owner if owner is None else heirs.get(owner, owner)
    return account._replace(origin=heirs.get(origin, origin), owner=heir)


def _best(
    each: Judged[Any],
    by_day: Mapping[tuple[date, str], Sequence[Candidate]],
    heirs: Mapping[int, int],
) -> Likely | None:
    given, row = each.given, each.given.content
    names_unit = given.names is None or "unit" in given.names
    said = _of_heirs(identity(row, names_unit=names_unit), heirs)
    near = [*by_day.get((row.day, row.place), ()), *by_day.get((row.day, row.title), ())]
    scored = [(*_score(case, said, row.source_ref), -case.held.pk, case.held) for case in near]
    score, own, _, held = max(scored, key=lambda one: one[:3], default=(0.0, False, 0, None))
    if held is None or not score:
        return None
    return Likely(held, Doubt.ALIKE if own else Doubt.ELSEWHERE, score == 1.0)


def _score(case: Candidate, own: Identity, ref: str) -> tuple[float, bool]:
    """Return the probability that the row is this case, and whether the finder's own ledger
    brought the case.
    """
    if not case.held.key or case.identity.origin != own.origin:
        return sameness.nearness(case.identity, own), False
    if _numbered_otherwise(ref, case.held.source_ref):
        return 0.0, True
    return sameness.correction(case.identity, own), True


def _numbered_otherwise(ref: str, other: str) -> bool:
    """An office that numbers two rows differently means two problems."""
    return bool(ref and other and ref != other)


def is_doubtful(update: Update[R]) -> bool:
    """Whether the number is all that the row and the case with that number have in common."""
    row = update.judged.given.content
    if not row.number and not row.source_ref:
        return False
    return bool(sameness.differing(identity(update.old), identity(update.new)))


# ---------------------------------------------------------------------- answering
class Answered(Generic[R]):
    """The results of the answers about doubtful rows: new cases, corrections, or questions."""

    def __init__(
        self, kind: str, answers: Answers, linked: Collection[int], taken: ImportResult
    ) -> None:
        self.new: list[Judged[R]] = []
        self.updates: list[Update[R]] = []
        self.links: list[Link[R]] = []
        self._kind, self._taken = kind, taken
        self._answers, self._linked = answers, set(linked)

    def is_sure(self, each: Pending[R]) -> bool:
        """Whether no question is needed: the first row whose values all equal the case's is the
        case.
        """
        return each.is_sure and each.held.pk not in self._linked

    def correct(self, each: Pending[R], update: Update[R]) -> None:
        """The row is the case, and may correct it."""
        self._linked.add(each.held.pk)
        if not update.changes:
            self._taken.counts[RowOutcome.UNCHANGED] += 1
        elif each.held.is_ended:
            refusal = RowRefused(RowFault.ENDED, "number")
            self._taken.refused.append((each.judged.given.row, refusal))
        else:
            self.updates.append(update._replace(relinks=each.doubt is Doubt.ALIKE))

    def settle(self, each: Pending[R], update: Update[R], both: list[FieldChange]) -> None:
        """Apply the answer; without one the row is refused with the question."""
        question_of_row = question(self._kind, each, update, both)
        answer = self._answers.of(question_of_row.row, question_of_row.number, question_of_row.sort)
        question_of_row = question_of_row._replace(answer=answer)
        self._taken.questions.append(question_of_row)
        if answer is Answer.NEW:
            self._new(each)
        elif answer is Answer.SAME and each.doubt is Doubt.ELSEWHERE:
            self._link(each)
        elif answer is Answer.SAME:
            self.correct(each, update)
        else:
            self._taken.refused.append((question_of_row.row, Resembles(question_of_row)))

    def _link(self, each: Pending[R]) -> None:
        """Link the row to the case, which does not change."""
        self.links.append(Link(each.judged, each.held))
        self._taken.linked += 1
        self._taken.counts[RowOutcome.UNCHANGED] += 1

    def _new(self, each: Pending[R]) -> None:
        if each.judged.fault is None:
            self.new.append(each.judged)
        else:
            self._taken.refused.append((each.judged.given.row, each.judged.fault))


def question(kind: str, each: Pending[R], update: Update[R], both: list[FieldChange]) -> Question:
    """Return the question about the row; changes and values are already formatted."""
    old, held = update.old, each.held
    return Question(
        row=each.judged.given.row,
        kind=kind,
        doubt=each.doubt,
        number=held.number,
        ref=each.judged.given.content.source_ref,
        title=old.title,
        place=old.place,
        is_ended=held.is_ended,
        is_confidential=held.is_confidential,
        changes=update.changes,
        both=both,
    )


def with_finders(update: Update[R], both: list[FieldChange]) -> list[FieldChange]:
    """Add the finding units to the values if the row names another one than the case."""
    found, named = update.old.origin, update.judged.given.content.origin
    if found == named or any(each.field == "origin" for each in both):
        return both
    return [FieldChange("origin", found, named), *both]
