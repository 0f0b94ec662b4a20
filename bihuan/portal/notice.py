"""The privacy notice: each type of stored data, and each right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan import formats
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
        "See what is kept: with your code you can read everything that is kept under it, print "
        "it or download it as a file."
    ),
    gettext_lazy(
        "Have it corrected: on the page of what is kept, request it next to your words and enter "
        "the correct text. Once granted, the earlier text is no longer kept anywhere in this "
        "system."
    ),
    gettext_lazy(
        "Have it erased: request it there for text or a photo. The fact and date of the erasure "
        "are shown in its place. A request may be refused for what the file needs, must be kept "
        "for a time, or is on hold as evidence for a court, an audit or an inquiry; you are "
        "informed when such a hold ends. If an older reason for a withdrawal or a review is in "
        "the record of what was done, it cannot be removed, and that page says so."
    ),
    gettext_lazy(
        "Get an answer to both: it is shown with your code. It is decided by a person who did "
        "not work on your matter. A refusal gives the reason, the article and your options: "
        "complain to the office above, or go to court (article 50)."
    ),
    gettext_lazy(
        "Have your name and contact erased at any time, immediately and permanently, from the "
        "page of your report. Your report continues without them, with the same time limits."
    ),
    gettext_lazy(
        "Withdraw your report. What the office did until then stays on record, so that it can be "
        "checked."
    ),
    gettext_lazy(
        "Be informed if your information leaks: what it was, what was done and what you can do, "
        "as article 57 says; unless immediate measures effectively prevent harm."
    ),
    gettext_lazy(
        "Ask why your information was used in a certain way, and complain about it: write it as "
        "an addition to your report, or as a new report. It goes to the office above."
    ),
)


@dataclass(frozen=True)
class Thing:
    """One type of stored data: its purpose, who sees it, and until when."""

    what: str
    why: str
    who: str
    until: str


def things(seal_days: int, code_minutes: int, listed: Schedule) -> list[Thing]:
    """Return what this installation stores, with its configured periods."""
    return [*_told(seal_days), *_beside(), _file(listed), *_in_passing(code_minutes)]


def _told(seal_days: int) -> Iterator[Thing]:
    """What the reporter chose to submit."""
    yield Thing(
        _("Your report: text, place, photos"),
        _("To deal with it and to answer you."),
        _("The officers who deal with it, and the offices above them."),
        _("With the file of the matter. It is published only in the office's own words, if an "
"office publishes it."),
    )  # fmt: skip
    yield Thing(
        _("Your name and contact, if you leave them"),
        _("To contact you. You may leave them out: the code alone is enough."),
        _("No one, until an officer who deals with the matter unseals them for a reason. You "
"see each time who it was and why. For an accusation two officers are needed."),
        _("Erased %(n)s days after the matter ends, or immediately on your request.")
        % {"n": seal_days},
    )  # fmt: skip
    yield Thing(
        _("Your tracking code"),
        _("To let you in, and no one else."),
        _("No one: only a value from which the code cannot be derived is stored."),
        _("With the file of the matter."),
    )
    yield Thing(
        _("Photos"),
        _("To illustrate the report."),
        _("Who can see your report. Place, time and device data in the file are removed when "
"it is received, and its name is not stored."),
        _("With the file of the matter."),
    )  # fmt: skip


def _beside() -> Iterator[Thing]:
    """What results from it."""
    yield Thing(
        _("Your correction and erasure requests"),
        _("To decide it. The office aims to answer within %(n)s days; this is its own target, "
"as the law sets no period.") % {"n": _answered_within()},
        _("Those who may see your report, and decide."),
        _("With the file of the matter. Your words in the request are erased with their "
"subject, or when you withdraw it."),
    )  # fmt: skip
    yield Thing(
        _("Backup copies of all this"),
        _("So that nothing is lost if a machine breaks."),
        _("No one reads them. Names and contacts stay sealed in them."),
        _("Until they are overwritten. Older backups still contain what was erased since, and "
"it must be erased again if one of them is restored."),
    )  # fmt: skip


def _file(listed: Schedule) -> Thing:
    """The file of a case, by the retention list in force here."""
    colon = _(": ")
    terms = [
        in_language(each.name) + colon + in_language(each.term.name) for each in listed.entries
    ]
    who = [_("The offices that dealt with it.")]
    if any(each.term.hand_over_after for each in listed.entries):
        who.append(
            _("Long-term files also go to the public archive, without your name, contact and code.")
        )
    until = _("Whole years after the year in which it ended (%(source)s). %(terms)s.") % {
        "source": in_language(listed.source),
        "terms": formats.clauses(terms),
    }
    after = _(
        "After that, once two officers agree, it is destroyed with your text and photos. Only "
        "its number, its dates and the record of what the office did remain."
    )
    return Thing(
        _("The file of the matter"),
        _("The law on archives requires it, so that the work of an office can be checked later."),
        formats.sentences(who),
        formats.sentences([until, after]),
    )


def _in_passing(code_minutes: int) -> Iterator[Thing]:
    """What is stored temporarily."""
    yield Thing(
        _("What you have not sent yet"),
        _("So that your entries are not lost when you go back or the connection breaks."),
        _("No one."),
        _("Text %(words)s hours, photos %(photos)s hours; or until you delete it.")
        % {"words": _hours(unsent.LASTS), "photos": _hours(drafts.LASTS)},
    )
    yield Thing(
        _("What you type, in the browser of your device"),
        _("So that it is there again after you go back or the tab is closed."),
        _("The people who use this browser. It is not sent before you send the form."),
        _("In the tab for a day; your name, contact and position, and a complaint about an office, "
          "for two hours. On the device only if you tick it, for 24 hours, without your name, "
          "contact and position. Until you send or delete the form."),
    )  # fmt: skip
    yield Thing(
        _("The address of your device"),
        _("To stop programs that guess codes or flood the site."),
        _("No one: it is never stored with a report. Only a mark is counted, from which the "
"address cannot be derived once the hour is over."),
        _("An hour."),
    )  # fmt: skip
    yield Thing(
        _("Cookies"),
        _("Your language, the look of the pages if you chose one, the form you are filling in, the "
"answer to a form you sent, the report you have just sent, and that you entered a code. None "
"of them identifies you."),
        _("Your own device, and this site when you return to that page. Visitors are not "
"counted, and nothing is loaded from other sites."),
        _("The language until you close the browser, the look a year, a form %(hours)s hours, an "
          "answer, the receipt and the code %(minutes)s minutes.")
        % {"hours": _hours(unsent.LASTS), "minutes": code_minutes},
    )  # fmt: skip


def _answered_within() -> int:
    return max(rule.length for rule in rules.every_rule() if rule.id == TERM)


def _hours(lasts: timedelta) -> int:
    return int(lasts.total_seconds() // 3600)
