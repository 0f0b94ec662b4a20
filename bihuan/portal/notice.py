"""The words of the privacy notice: each thing that is kept, and each right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.cases.wording import in_language
from bihuan.core import rules
from bihuan.core.amending import TERM
from bihuan.core.retention import Schedule
from bihuan.files import unsent
from bihuan.portal import drafts

Words = str | Promise

# Confidence S in the table of rules: 个人信息保护法, read article by article.
LAW = gettext_lazy(
    "Personal Information Protection Law (个人信息保护法), articles 6, 19, 34, 35, 44–50 and 57"
)
RIGHTS: tuple[Words, ...] = (
    gettext_lazy(
        "See what is kept: with your code you read everything that is kept under it, print it or "
        "take it away as a file."
    ),
    gettext_lazy(
        "Have it corrected: on the page of what is kept, ask so beside your words and say what is "
        "right. Once it is granted the earlier words are kept nowhere in this system."
    ),
    gettext_lazy(
        "Have it erased: ask so there for words or a photo. That something was erased, and when, "
        "stands in its place. What the file needs, has to keep for a time, or is held as evidence "
        "for a court, an audit or an inquiry, may be refused; once such a hold is over you are "
        "told. Where an older reason for a withdrawal or a review stands in the record of what was "
        "done, nobody can take it out, and that page says so."
    ),
    gettext_lazy(
        "Get an answer to both: it stands under your code. Somebody decides who did not work on "
        "your matter. A refusal says why, by which article, and what you can do: complain to the "
        "office above, or go to court (article 50)."
    ),
    gettext_lazy(
        "Have your name and contact erased at any time, at once and for good, from the page of "
        "your report. Your report goes on without them, and the same time limits hold."
    ),
    gettext_lazy(
        "Withdraw what you brought. What the office did until then stays on record, so that it "
        "can be checked."
    ),
    gettext_lazy(
        "Be told if what you told us leaks: what it was, what was done and what you can do, as "
        "article 57 says; unless what was done at once keeps harm away."
    ),
    gettext_lazy(
        "Ask why something was done with what you told, and complain of it: write it as an "
        "addition to your report, or report it as a new matter. It goes to the office above."
    ),
)


@dataclass(frozen=True)
class Thing:
    """One kind of thing that is kept: what for, who sees it, and until when."""

    what: str
    why: str
    who: str
    until: str


def things(seal_days: int, code_minutes: int, listed: Schedule) -> list[Thing]:
    """What this installation keeps, with the times that it was set to."""
    return [*_told(seal_days), *_beside(), _file(listed), *_in_passing(code_minutes)]


def _told(seal_days: int) -> Iterator[Thing]:
    """What somebody chose to tell."""
    yield Thing(
        _("What you report: words, place, photos"),
        _("To deal with it and to answer you."),
        _("The officers who deal with it, and the offices above them."),
        _("With the file of the matter. It is public only in words of its own, if an office "
          "publishes it."),
    )  # fmt: skip
    yield Thing(
        _("Your name and contact, if you leave them"),
        _("To reach you. You may leave them out: everything works by the code alone."),
        _("Nobody, until an officer who deals with the matter opens them for a reason. You see "
          "each time who it was and why. For an accusation it takes two."),
        _("Erased %(n)s days after the matter ended, or at once when you say so.")
        % {"n": seal_days},
    )  # fmt: skip
    yield Thing(
        _("Your tracking code"),
        _("To let you in, and nobody else."),
        _("Nobody: only a value from which the code cannot be worked out is kept."),
        _("With the file of the matter."),
    )
    yield Thing(
        _("Photos"),
        _("To show what is meant."),
        _("Who sees your report. Place, time and device that the camera wrote into the file are "
          "taken out as it arrives, and its name is not kept."),
        _("With the file of the matter."),
    )  # fmt: skip


def _beside() -> Iterator[Thing]:
    """What follows from it."""
    yield Thing(
        _("What you ask to have corrected or erased"),
        _("To decide it. The office means to answer within %(n)s days; that is its own target, "
          "for the law sets no period.") % {"n": _answered_within()},
        _("Who may see your report, and decides."),
        _("With the file of the matter. Your words in the request are erased with what it is "
          "about, or when you withdraw it."),
    )  # fmt: skip
    yield Thing(
        _("Backup copies of all this"),
        _("So that nothing is lost if a machine breaks."),
        _("Nobody reads them. Names and contacts lie in them under seal."),
        _("Until they are overwritten. What was erased meanwhile is still in the older ones, and "
          "has to be erased again if one of them is ever put back."),
    )  # fmt: skip


def _file(listed: Schedule) -> Thing:
    """The file of a matter, by the retention list that is in force here."""
    colon = _(": ")
    terms = [
        in_language(each.name) + colon + in_language(each.term.name) for each in listed.entries
    ]
    who = _("The offices that dealt with it.")
    if any(each.term.hand_over_after for each in listed.entries):
        who += " " + _(
            "What is kept long goes to the public archive as well, without your name, contact and "
            "code."
        )
    until = _("Whole years after the year in which it ended (%(source)s). %(terms)s.") % {
        "source": in_language(listed.source),
        "terms": _("; ").join(terms),
    }
    after = _(
        "After that two officers agree, and it is destroyed with your words and photos. Only its "
        "number and its days stay, and the record of what the office did."
    )
    return Thing(
        _("The file of the matter"),
        _("The law on archives wants it, so that what an office did can be checked later."),
        who,
        f"{until} {after}",
    )


def _in_passing(code_minutes: int) -> Iterator[Thing]:
    """What is there for a while only."""
    yield Thing(
        _("What you have not sent yet"),
        _("So that nothing is lost when you go back or the connection breaks."),
        _("Nobody."),
        _("Words %(words)s hours, photos %(photos)s hours; or until you delete it.")
        % {"words": _hours(unsent.LASTS), "photos": _hours(drafts.LASTS)},
    )
    yield Thing(
        _("The address of your device"),
        _("To hold off programs that try codes or flood the site."),
        _("Nobody: it is never kept with a report. A mark is counted from which the address "
          "cannot be worked out once the hour is over."),
        _("An hour."),
    )  # fmt: skip
    yield Thing(
        _("Cookies"),
        _("Your language, which form you are filling in, which report you have just sent, and that "
          "you entered a code. None says who you are."),
        _("Your own device, and this site when you come back to that page. No visitors are "
          "counted, and nothing of other sites is loaded."),
        _("The language until you close the browser, a form %(hours)s hours, the receipt and the "
          "code %(minutes)s minutes.")
        % {"hours": _hours(unsent.LASTS), "minutes": code_minutes},
    )  # fmt: skip


def _answered_within() -> int:
    return max(rule.length for rule in rules.every_rule() if rule.id == TERM)


def _hours(lasts: timedelta) -> int:
    return int(lasts.total_seconds() // 3600)
