"""Texts for rows that may be existing cases: the question, and the possible answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bihuan import formats
from bihuan.desk import replaced
from bihuan.sheets.ledger import types
from bihuan.sheets.ledger.rows import Answer, Doubt, Question

Words = str | Promise

# What the questions of one type have in common, and the effects of an answer.
SORTS: dict[Doubt, tuple[Words, Words]] = {
    Doubt.ALIKE: (
        gettext_lazy("Probably corrected rows"),
        gettext_lazy(
            "These rows differ from an existing case in one thing: the text, the place or the "
            "unit. Is each row a correction of that case, or %(another)s?"
        ),
    ),
    Doubt.ELSEWHERE: (
        gettext_lazy("Possibly entered another way"),
        gettext_lazy(
            "These rows match a case of the same date from another unit's ledger, an officer or "
            "the public. Is each row that case, or %(another)s? A row that is that case is "
            "linked to it; the case does not change."
        ),
    ),
    Doubt.NUMBER: (
        gettext_lazy("Number already in use"),
        gettext_lazy(
            "The number in these rows belongs to a case with another place, date or content. "
            "Running numbers repeat between ledgers, so a number alone changes nothing."
        ),
    ),
    Doubt.ENDED: (
        gettext_lazy("Matches an ended case"),
        gettext_lazy(
            "These rows match an ended case. Imports never change or reopen it: the row is "
            "%(another)s, or is left out. If the problem recurred, reopen the case."
        ),
    ),
}


def sort_said(sort: Doubt, kind: str) -> tuple[str, str]:
    """Return the heading of the questions of one type, and what they have in common."""
    heading, common = SORTS[sort]
    words = types.of(kind).words
    return str(heading), str(common) % {"another": words.another}


def offered(sort: Doubt, kind: str) -> list[tuple[str, str]]:
    """Return the possible answers to a question of this type."""
    words = types.of(kind).words
    details = {"same": words.same, "another": words.another}
    same = _("It is %(same)s: update the case")
    if sort is Doubt.ELSEWHERE:
        same = _("It is %(same)s: link the row, the case does not change")
    choices = [
        (Answer.SAME, same % details),
        (Answer.NEW, _("It is %(another)s: create a new case") % details),
        (Answer.LEAVE, _("Leave out this row")),
    ]
    return [(each.value, text) for each, text in choices if may_answer(sort, each)]


def may_answer(sort: Doubt, answer: Answer) -> bool:
    """Whether this answer is possible: nothing updates a case that has ended."""
    return sort is not Doubt.ENDED or answer is not Answer.SAME


# -------------------------------------------------------------- in one sentence
def asked(question: Question) -> str:
    """Return the question about a row that may be an existing case.

    It is included in reports and workbooks, so of a confidential case it names only the number.
    """
    details = {
        "ref": question.ref,
        "number": question.number,
        "title": question.title,
        "place": question.place,
    }
    if question.is_confidential:
        first = _("This may be %(number)s, a confidential case.")
    elif question.doubt is Doubt.ELSEWHERE:
        first = _(
            "This may be %(number)s, “%(title)s” at %(place)s, which was entered another way."
        )
    elif question.doubt is Doubt.NUMBER:
        first = _("Number %(ref)s is already %(number)s, “%(title)s” at %(place)s.")
    else:
        first = _("This may be a correction of %(number)s, “%(title)s” at %(place)s.")
    return _("%(first)s %(last)s") % {"first": first % details, "last": _open(question)}


def _open(question: Question) -> str:
    """Return what must be answered, or what was answered."""
    words = types.of(question.kind).words
    details = {"same": words.same, "another": words.another}
    changes = question.changes if not question.is_confidential else []
    if question.answer is Answer.LEAVE:
        return _("The row was left out, as you chose.")
    if question.doubt is Doubt.ELSEWHERE:
        return _("Is it %(same)s, to be linked to that case, or %(another)s, a new case?") % details
    if question.sort is Doubt.ENDED:
        return (
            _("That case has ended and does not change. Is this %(another)s, a new case?") % details
        )
    if not changes:
        return _("Is it %(same)s, or %(another)s, a new case?") % details
    listed = formats.clauses(
        f"{each.title} {each.old} → {each.new}"
        for each in replaced.in_words(question.kind, changes)
    )
    return _("Is it %(same)s, to be corrected (%(changes)s), or %(another)s, a new case?") % {
        **details,
        "changes": listed,
    }


def how_to_answer(count: int, rows: str, kind: str, sorts: Iterable[Doubt]) -> str:
    """Explain how to answer on the command line."""
    words = types.of(kind).words
    return _(
        "%(count)d rows need an answer: %(rows)s. Use --same ROWS for rows that are %(same)s "
        "(the case is corrected, or the row is linked to it), --new ROWS for rows that are "
        "%(another)s (new cases). In place of ROWS, one word answers all questions of a type: "
        "%(sorts)s."
    ) % {
        "count": count,
        "rows": rows,
        "same": words.same,
        "another": words.another,
        "sorts": formats.clauses(
            _("%(word)s (%(sort)s)") % {"word": sort.value, "sort": SORTS[sort][0]}
            for sort in sorts
        ),
    }


def changes_said(result: Mapping[str, Any]) -> str:
    """Say how many cases a trial run would change, in how many fields, and how many are cleared."""
    cases, fields, emptied = result["updated"], result["changed"], result["emptied"]
    text = ngettext("%(n)s case would change.", "%(n)s cases would change.", cases) % {"n": cases}
    counted = [ngettext("%(n)s field in all.", "%(n)s fields in all.", fields) % {"n": fields}]
    if emptied:
        counted.append(
            ngettext("%(n)s field is cleared.", "%(n)s fields are cleared.", emptied)
            % {"n": emptied}
        )
    for each in counted:
        text = _("%(first)s %(last)s") % {"first": text, "last": each}
    return text


def ended_said(count: int) -> str:
    """Say how many open cases the file ends, of which the levels above are notified."""
    return ngettext(
        "%(n)d open case is ended by this file; the unit above is notified",
        "%(n)d open cases are ended by this file; the unit above is notified",
        count,
    ) % {"n": count}


def linked_said(count: int) -> str:
    """Say how many rows were linked to cases from another source."""
    return ngettext(
        "%(n)d of the unchanged rows is linked to a case entered another way",
        "%(n)d of the unchanged rows are linked to cases entered another way",
        count,
    ) % {"n": count}


def change_said(change: Mapping[str, Any]) -> str:
    """Describe one field that a row changes, in one line."""
    kind, name = change["kind"], change["field"]
    return _("row %(row)s · %(number)s · %(title)s: %(old)s → %(new)s") % {
        "row": change["row"],
        "number": change["number"],
        "title": types.title_of(kind, name),
        "old": replaced.said(kind, name, change["old"]),
        "new": replaced.said(kind, name, change["new"]),
    }
