"""The public moves that kinds of case have in common, for their pages."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bihuan.cases import queries
from bihuan.desk.forms import MoveForm, NoteForm
from bihuan.desk.move_pages import AnyMovePage, MovePage, noted
from bihuan.receipts.actions import public, publications
from bihuan.receipts.models import Publication
from bihuan.receipts.wording import amending
from bihuan.web.fields import line, prose


class AskForm(NoteForm):
    note = prose(
        _("Question"),
        help_text=_(
            "The reporter reads this and answers with the tracking code. They see your unit, not "
            "your name; you do not learn who they are."
        ),
    )


class FollowUpForm(NoteForm):
    note = prose(
        _("Findings and action taken"),
        help_text=_("The person who answered “not solved” reads this."),
    )


class PublishForm(MoveForm[publications.Shown]):
    """Texts for the public: the subject and the result."""

    gives = publications.Shown

    title = line(_("Heading"))
    text = prose(
        _("Matter"),
        help_text=_(
            "Use your own words: no names, no numbers, and no phrases that could identify the "
            "reporter."
        ),
    )
    answer = prose(_("Answer or action taken"), required=False)
    place = line(_("Place, as shown to the public"), required=False)
    with_point = forms.BooleanField(
        label=_("Show the location on the public map, rounded to about 100 metres"), required=False
    )

    def prepare(self) -> None:
        case = self.subject
        if case.point is None:
            del self.fields["with_point"]
        stored = Publication.objects.filter(case=case).first()
        if stored is not None:
            for name in ("title", "text", "answer", "place"):
                self.initial.setdefault(name, getattr(stored, name))
            self.initial.setdefault("with_point", stored.point is not None)
        elif case.channel not in queries.FROM_PUBLIC:
            # An officer's own words; those of the reporter are never published as they are.
            self.initial.setdefault("title", case.title)
            self.initial.setdefault("place", case.place)


class UnpublishForm(NoteForm):
    note = prose(_("Reason for withdrawal"))


MOVES: dict[str, AnyMovePage] = {
    "ask_reporter": MovePage(
        _("Ask the reporter"),
        AskForm,
        noted(public.ask_reporter),
        pgettext_lazy("happened", "Asked the reporter"),
        decides=False,
        tells=True,
    ),
    "follow_up": MovePage(
        _("Follow up “not solved”"),
        FollowUpForm,
        noted(public.follow_up),
        pgettext_lazy("happened", "Followed up “not solved”"),
        tells=True,
    ),
    "publish": MovePage(
        _("Publish"),
        PublishForm,
        lambda request, shown: publications.publish(**request, shown=shown),
        pgettext_lazy("happened", "Published"),
        consequences=(
            _("Everyone can read this text on the portal from now on."),
            _("The rest of the case stays non-public."),
        ),
        tells=True,
    ),
    "unpublish": MovePage(
        _("Withdraw publication"),
        UnpublishForm,
        noted(publications.unpublish),
        pgettext_lazy("happened", "Publication withdrawn"),
        consequences=(_("It no longer appears on the portal."),),
        danger=True,
    ),
}
# Standard texts sent to the reporter, for every kind.
LETTERS = {
    "published": _("The matter was published in words that do not identify you."),
    "window_moved": _(
        "Your time limit was recalculated with the new holiday calendar. It ends on %(until)s."
    ),
    "followed_up": _("You answered “not solved”. Another officer followed it up:"),
    **amending.LETTERS,
}
