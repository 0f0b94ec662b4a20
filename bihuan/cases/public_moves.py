"""The moves towards the public that kinds of case have in common, as their pages know them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bihuan.cases import amending_wording, queries
from bihuan.cases.actions import public, publishing
from bihuan.cases.forms import MoveForm, line, prose
from bihuan.cases.kinds import MovePage
from bihuan.cases.models import Publication


class AskForm(MoveForm):
    note = prose(
        _("Question"),
        help_text=_(
            "The reporter reads this with the tracking code and answers there. They see "
            "your unit, not your name; you do not learn who they are."
        ),
    )


class FollowUpForm(MoveForm):
    note = prose(
        _("What was found and what is done about it"),
        help_text=_("The person who said that it is not solved reads this."),
    )


class PublishForm(MoveForm):
    """Words for everybody: what it was about and what came of it."""

    title = line(_("Heading"))
    text = prose(
        _("What it is about"),
        help_text=_(
            "In words of your own: no name, no number, no turn of phrase by which anybody could "
            "tell who reported it."
        ),
    )
    answer = prose(_("What was answered or done"), required=False)
    place = line(_("Place, as far as the public may know it"), required=False)
    with_point = forms.BooleanField(
        label=_("Show the point on the public map, rounded to about 100 metres"), required=False
    )

    def prepare(self) -> None:
        case = self.subject
        if case.latitude is None:
            del self.fields["with_point"]
        kept = Publication.objects.filter(case=case).first()
        if kept is not None:
            for name in ("title", "text", "answer", "place"):
                self.initial.setdefault(name, getattr(kept, name))
            self.initial.setdefault("with_point", kept.latitude is not None)
        elif case.channel not in queries.FROM_PUBLIC:
            # An officer's own words; those of the public are never handed on as they are.
            self.initial.setdefault("title", case.title)
            self.initial.setdefault("place", case.place)

    def arguments(self) -> dict[str, Any]:
        given = super().arguments()
        version = given.pop("version")
        return {"version": version, "shown": publishing.Shown(**given)}


class UnpublishForm(MoveForm):
    note = prose(_("Why it is taken back"))


MOVES: dict[str, MovePage] = {
    "ask_reporter": MovePage(
        _("Ask the reporter"),
        AskForm,
        public.ask_reporter,
        pgettext_lazy("happened", "Asked the reporter"),
    ),
    "follow_up": MovePage(
        _("Look into “not solved”"),
        FollowUpForm,
        public.follow_up,
        pgettext_lazy("happened", "Looked into what was not solved"),
    ),
    "publish": MovePage(
        _("Publish"),
        PublishForm,
        publishing.publish,
        pgettext_lazy("happened", "Published"),
        consequences=(
            _("Everybody can read these words on the portal from now on."),
            _("Nothing else of the case becomes public."),
        ),
    ),
    "unpublish": MovePage(
        _("Withdraw from the public"),
        UnpublishForm,
        publishing.unpublish,
        pgettext_lazy("happened", "Withdrawn from the public"),
        consequences=(_("Nobody finds it on the portal any more."),),
        danger=True,
    ),
}
# What the person is told in standard words, whatever the kind.
LETTERS = {
    "published": _("The matter was made public in words that say nothing of you."),
    "window_moved": _(
        "The time in which you may act was worked out again, because more is known of the "
        "holidays. It ends on %(until)s."
    ),
    "followed_up": _("You said that it was not solved. Somebody else looked into it:"),
    **amending_wording.LETTERS,
}
