"""The standard words of the notices and letters about a grievance."""

from __future__ import annotations

from django.utils.functional import Promise, lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from bihuan.cases import public_moves
from bihuan.cases.wording import in_language
from bihuan.core import procedure
from bihuan.core.grievance import Service
from bihuan.core.rules import Bilingual

Words = str | Promise


def _spoken(intro: Words, text: Bilingual) -> Words:
    """The law's words after ours, in the language of whoever reads; a letter is filled in later."""

    def say() -> str:
        return f"{intro} {in_language(text)}".replace("%", "%%")

    return lazy(say, str)()


_ACCEPTED = _("It was accepted.")
_REDIRECTED = _("It cannot be dealt with here, but another route is open.")
_SERVED: dict[str, Words] = {
    Service.HANDED: _("It was recorded that the answer was handed to you on paper on %(day)s."),
    Service.HOUSEHOLD: _(
        "It was recorded that somebody of your household, or whom you named, took the answer on "
        "paper on %(day)s."
    ),
    Service.POST: _("It was recorded that the answer came to you by registered post on %(day)s."),
    Service.LEFT: _(
        "It was recorded that the answer was refused on paper on %(day)s, and left with you."
    ),
}
_COUNTED = _(
    "The time in which you may act against it counts from that day. If this is wrong, tell the "
    "office; a review that is asked for late is looked at all the same."
)


def _letters() -> dict[str, Words]:
    letters: dict[str, Words] = {
        **public_moves.LETTERS,
        "transferred": _("It was passed to %(unit)s, which is competent."),
        "taken_over": _("%(unit)s has taken it over and answers for it from now on."),
        "extended": _("More time is needed: it is answered by %(until)s. The reason:"),
        "review_taken": _("%(unit)s reviews the answer. Nobody who gave it takes part."),
        **{f"served/{way}": format_lazy("{} {}", said, _COUNTED) for way, said in _SERVED.items()},
        "as_suggestion": _(
            "It proposes something rather than asking for something, so it is considered as a "
            "suggestion."
        ),
        "opinion/answer": _("%(unit)s has answered in writing."),
        "opinion/review": _("%(unit)s has reviewed the answer."),
        "opinion/rereview": _("%(unit)s has reviewed the matter for the last time."),
    }
    for each in procedure.every():
        for way in each.ways.values():
            if way.answered:
                letters[f"accepted/{each.id}/{way.id}"] = _spoken(_ACCEPTED, way.advice)
            else:
                letters[f"redirected/{each.id}/{way.id}"] = _spoken(_REDIRECTED, way.advice)
    return letters


LETTERS = _letters()
