"""What the public reads about a grievance or a suggestion: no terms of the office."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bihuan.core import suggestion
from bihuan.core.grievance import Move, Stage
from bihuan.receipts.sides import PlainWords

_SHARED_TERMS = {
    "LOC-6": _("Decide about more time"),
    "LOC-14": _("Conclude the report"),
}
OF_GRIEVANCES = PlainWords(
    stages={
        Stage.RECEIVED: (
            _("Received on %(day)s. %(office)s decides how it is dealt with."),
            _("It was received; how it is dealt with is decided next."),
        ),
        Stage.TRANSFERRED: (
            _("Sent on %(day)s to the office that may decide it, which must now take it over."),
            _("It was passed to the office that may decide it."),
        ),
        Stage.ACCEPTED: (
            _("Accepted on %(day)s. %(office)s answers you in writing."),
            _("It was accepted; a written answer follows."),
        ),
        Stage.HANDLING: (
            _("%(office)s has been working on it since %(day)s."),
            _("It is being worked on."),
        ),
        Stage.DRAFTED: (_("The answer is written and is being checked before it is sent to you."),),
        Stage.REPLIED: (
            _("Answered on %(day)s: see below. If you do not agree, you may ask for a review."),
            _("It was answered."),
        ),
        Stage.REVIEWING: (
            _("%(office)s has been reviewing the answer since %(day)s."),
            _("The answer is being reviewed."),
        ),
        Stage.REVIEW_DRAFTED: (
            _("The review is finished and is being checked before it is sent to you."),
        ),
        Stage.REVIEWED: (
            _("The review ended on %(day)s: see its result below."),
            _("The answer was reviewed."),
        ),
        Stage.REREVIEWING: (
            _("%(office)s has been reviewing it a second time since %(day)s."),
            _("The answer is being reviewed a second time."),
        ),
        Stage.REREVIEW_DRAFTED: (
            _("The second review is finished and is being checked before it is sent to you."),
        ),
        Stage.REREVIEWED: (
            _("The second review ended on %(day)s: see its result below."),
            _("The answer was reviewed a second time."),
        ),
        Stage.REDIRECTED: (
            _(
                "This office cannot decide it. On %(day)s you were informed where to turn: see "
                "below."
            ),
            _("This office cannot decide it."),
        ),
        Stage.WITHDRAWN: (_("You withdrew it on %(day)s."), _("It was withdrawn.")),
        Stage.CLOSED: (_("Concluded on %(day)s."), _("It was concluded.")),
    },
    due={Stage.REPLIED: "", Stage.REVIEWED: "", Stage.REREVIEWED: ""},
    happened={
        Move.CLASSIFY: pgettext_lazy("to the public", "Decided how it is dealt with"),
        Move.TRANSFER: pgettext_lazy("to the public", "Passed to the office that may decide it"),
        Move.TAKE_OVER: pgettext_lazy("to the public", "The office took it over"),
        Move.OBJECT: pgettext_lazy("to the public", "The office disagreed that it is responsible"),
        Move.ANSWER_OBJECTION: pgettext_lazy(
            "to the public", "Decided which office is responsible"
        ),
        Move.ASSIGN: pgettext_lazy("to the public", "Given to the people who work on it"),
        Move.DRAFT: pgettext_lazy("to the public", "Answer written"),
        Move.SEND_BACK: pgettext_lazy("to the public", "Answer to be revised"),
        Move.ISSUE: pgettext_lazy("to the public", "Answered"),
        Move.DRAFT_REVIEW: pgettext_lazy("to the public", "Result of the review written"),
        Move.SEND_BACK_REVIEW: pgettext_lazy("to the public", "Review to be revised"),
        Move.ISSUE_REVIEW: pgettext_lazy("to the public", "Review finished"),
        Move.DRAFT_REREVIEW: pgettext_lazy("to the public", "Result of the review written"),
        Move.SEND_BACK_REREVIEW: pgettext_lazy("to the public", "Review to be revised"),
        Move.ISSUE_REREVIEW: pgettext_lazy("to the public", "Second review finished"),
        Move.CLOSE: pgettext_lazy("to the public", "Concluded"),
        Move.ASK_EXTENSION: pgettext_lazy("to the public", "More time requested"),
        Move.DECIDE_EXTENSION: pgettext_lazy("to the public", "Decided about more time"),
        Move.SET_LEAD: pgettext_lazy("to the public", "A leader became responsible"),
        "end_lead": pgettext_lazy("to the public", "The leader is no longer responsible"),
        Move.ADD_CHILD: pgettext_lazy("to the public", "A part was given to another office"),
        Move.ADD_ASSIST: pgettext_lazy("to the public", "Another office helps"),
        Move.END_ASSIST: pgettext_lazy("to the public", "The other office finished its help"),
    },
    terms={
        "PET-5": _("Decide how it is dealt with"),
        "PET-7": _("Say whether another office is responsible"),
        "PET-8": _("Answer you"),
        **_SHARED_TERMS,
    },
)
_Stage = suggestion.Stage
OF_SUGGESTIONS = PlainWords(
    stages={
        _Stage.RECEIVED: (
            _("Received on %(day)s. %(office)s decides who considers it."),
            _("It was received."),
        ),
        _Stage.CONSIDERING: (
            _("%(office)s has been considering it since %(day)s."),
            _("It is being considered."),
        ),
        _Stage.ADOPTED: (
            _("Adopted on %(day)s: see the answer below."),
            _("It was adopted."),
        ),
        _Stage.NOT_ADOPTED: (
            _("Not adopted on %(day)s: see the reasons below."),
            _("It was not adopted."),
        ),
        _Stage.PUBLISHED: (
            _("Answered, and published with the answer on %(day)s."),
            _("It was published with the answer."),
        ),
        _Stage.WITHDRAWN: (_("You withdrew it on %(day)s."), _("It was withdrawn.")),
    },
    happened={
        suggestion.Move.CONSIDER: pgettext_lazy("to the public", "Given to an office to consider"),
    },
    terms={"PET-1": _("Answer your suggestion"), **_SHARED_TERMS},
    rates_answer=True,
)
