"""The standard texts of the notices and letters about a grievance."""

from __future__ import annotations

from django.utils.functional import Promise, lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from bihuan import formats
from bihuan.cases.wording import in_language
from bihuan.core import procedure
from bihuan.core.grievance import Service
from bihuan.core.rules import Bilingual
from bihuan.receipts import public_moves

Words = str | Promise


def _spoken(intro: Words, text: Bilingual) -> Words:
    """Append the text of the law to ours, in the reader's language; placeholders are filled in
    later.
    """

    def say() -> str:
        return formats.sentences([intro, in_language(text)]).replace("%", "%%")

    return lazy(say, str)()


_ACCEPTED = _("Your report was accepted.")
_REDIRECTED = _(
    "Your report cannot be dealt with in this procedure, but another route is available."
)
_SERVED: dict[str, Words] = {
    Service.HANDED: _("The office recorded that the answer was handed to you on paper on %(day)s."),
    Service.HOUSEHOLD: _(
        "The office recorded that a member of your household, or a person you named, received "
        "the answer on paper on %(day)s."
    ),
    Service.POST: _(
        "The office recorded that the answer was delivered to you by registered post on %(day)s."
    ),
    Service.LEFT: _(
        "The office recorded that the answer on paper was refused on %(day)s, and was left with "
        "you."
    ),
}
_COUNTED = _(
    "Your time limits to act against it run from that day. If this is wrong, contact the office; "
    "late requests for a review are also accepted."
)


def _letters() -> dict[str, Words]:
    letters: dict[str, Words] = {
        **public_moves.LETTERS,
        "transferred": _("It was transferred to %(unit)s, which is competent."),
        "taken_over": _("%(unit)s has taken it over and is responsible from now on."),
        "extended": _("More time is needed: it will be answered by %(until)s. Reason:"),
        "review_taken": _(
            "%(unit)s reviews the answer. The officers who gave it do not take part."
        ),
        **{
            f"served/{way}": format_lazy("{} {}", value, _COUNTED) for way, value in _SERVED.items()
        },
        "as_suggestion": _("Your report is a suggestion, so it is considered as a suggestion."),
        "opinion/answer": _("%(unit)s has answered in writing."),
        "opinion/review": _("%(unit)s has reviewed the answer."),
        "opinion/rereview": _("%(unit)s has issued the re-review."),
    }
    for each in procedure.every():
        for way in each.ways.values():
            if way.answered:
                letters[f"accepted/{each.id}/{way.id}"] = _spoken(_ACCEPTED, way.advice)
            else:
                letters[f"redirected/{each.id}/{way.id}"] = _spoken(_REDIRECTED, way.advice)
    return letters


LETTERS = _letters()
