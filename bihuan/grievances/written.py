"""A written opinion for display and print: its heading, its parts, and the remedies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bihuan.calendars.wording import amount
from bihuan.cases.models import Case
from bihuan.cases.wording import in_language
from bihuan.core.grievance import Stage
from bihuan.core.procedure import Procedure
from bihuan.core.rules import Party
from bihuan.grievances.models import Opinion
from bihuan.grievances.queries import Remedy, Round, procedure_of, record_of, remedies_of
from bihuan.grievances.wording import DECISIONS, OUTCOMES, PARTS, SERVICES
from bihuan.web.templatetags.bihuan import day

STEPS: Mapping[str, Stage] = {
    Round.ANSWER: Stage.REPLIED,
    Round.REVIEW: Stage.REVIEWED,
    Round.REREVIEW: Stage.REREVIEWED,
}


@dataclass(frozen=True)
class Open:
    """A remedy for the reporter: what, until when, and by which law."""

    name: str
    when: str
    source: str


@dataclass(frozen=True)
class Written:
    """One opinion in the reader's language."""

    opinion: Opinion
    name: str
    parts: list[tuple[str, str]]
    remedies: list[Open]
    # How it was served on paper; None if the reporter read it first.
    service: str
    # The text if no review is left.
    final: str

    @property
    def is_draft(self) -> bool:
        return self.opinion.issued_at is None


def name_of(procedure: Procedure, round: str) -> str:
    """Return the procedure's name for the opinion of this round."""
    return in_language(procedure.steps[STEPS[round]])


def opinions(case: Case) -> list[Written]:
    """Return every opinion on the case, earliest first; remedies are with the last issued one."""
    found = list(_opinions(case).order_by("drafted_at", "pk"))
    issued = [opinion.pk for opinion in found if opinion.issued_at]
    return [written(case, opinion, with_remedies=opinion.pk in issued[-1:]) for opinion in found]


def one(case: Case, round: str) -> Written:
    """Return the opinion of this round; raise `Opinion.DoesNotExist` if there is none."""
    opinion = _opinions(case).get(round=round)
    return written(case, opinion, with_remedies=opinion.issued_at is not None)


def _opinions(case: Case) -> QuerySet[Opinion]:
    related = ("unit", "drafted_by", "issued_by", "letter")
    return Opinion.objects.filter(case=case).select_related(*related)


def written(case: Case, opinion: Opinion, *, with_remedies: bool) -> Written:
    opinion.case = case
    procedure = procedure_of(record_of(case))
    remedies = remedies_of(opinion) if with_remedies else []
    is_last = opinion.round != Round.ANSWER and not any(each.is_review for each in remedies)
    return Written(
        opinion=opinion,
        name=name_of(procedure, opinion.round),
        parts=list(_parts(opinion)),
        remedies=[_open(each) for each in remedies if each.is_right],
        service=str(SERVICES.get(opinion.served_way, "")),
        final=in_language(procedure.final) if with_remedies and is_last else "",
    )


def _open(remedy: Remedy) -> Open:
    rule = remedy.rule
    when = ""
    if remedy.until:
        when = _("until %(day)s") % {"day": day(remedy.until)}
    elif rule.owed_by is Party.CITIZEN:
        days = {"n": rule.length}
        when = (
            ngettext("within %(n)d day of receipt", "within %(n)d days of receipt", rule.length)
            % days
        )
    else:
        when = _("the office answers within %(length)s of the application") % {
            "length": amount(rule.unit, rule.length)
        }
    return Open(in_language(rule.name), when, in_language(rule.source))


def _parts(opinion: Opinion) -> Iterator[tuple[str, str]]:
    details = {"decision": DECISIONS, "outcome": OUTCOMES}
    for name, label in PARTS.items():
        text = getattr(opinion, name)
        if text:
            yield str(label), str(details[name][text]) if name in details else text
