"""What is filled in about duties. A duty names a post, never a person."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bihuan.duties import catalogue
from bihuan.duties.actions.assigning import Assignment, DutyWords
from bihuan.duties.models import Duty
from bihuan.orgs.choices import Holding, holders
from bihuan.orgs.forms import PostField
from bihuan.orgs.models import Post
from bihuan.sites.models import Site
from bihuan.web.fields import day, line, prose
from bihuan.web.forms import OnceForm


def offer_posts(form: forms.Form, posts: QuerySet[Post], now: datetime) -> None:
    """Let the form choose among these posts, each with its holder."""
    on = localdate(now)
    held = holders(posts.values("pk"), on)
    field = form.fields["post"]
    assert isinstance(field, PostField)
    rows = posts.select_related("unit").order_by("unit__path", "pk")
    field.offer(Holding(post, held.get(post.pk, "")) for post in rows)


class TextForm(OnceForm):
    """The text of a duty and its source."""

    text = prose(
        pgettext_lazy("a duty", "Text of the duty"),
        rows=4,
        max_length=2000,
        help_text=_("What the post answers for here. Do not enter names of people."),
    )
    source = line(pgettext_lazy("a duty", "Source"), length=200, required=False)

    def words(self) -> DutyWords:
        return DutyWords(self.cleaned_data["text"], self.cleaned_data["source"])


class PostForm(OnceForm):
    post = PostField(label=pgettext_lazy("a duty", "Post"))

    def __init__(self, *args: Any, posts: QuerySet[Post], now: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        offer_posts(self, posts, now)


class AssignForm(PostForm, TextForm):
    """A duty: its kind is chosen before, because it proposes the text."""

    start_date = day(pgettext_lazy("a duty", "From"))
    end_date = day(
        pgettext_lazy("a duty", "Until"),
        required=False,
        help_text=_("Leave empty if it has no end yet."),
    )
    field_order = ("post", "text", "source", "start_date", "end_date")

    def __init__(self, *args: Any, kind: catalogue.DutyKind, now: datetime, **options: Any) -> None:
        super().__init__(*args, now=now, **options)
        self.kind = kind
        self.initial.setdefault("text", catalogue.chosen(kind.text))
        self.initial.setdefault("source", catalogue.chosen(kind.source))
        self.initial.setdefault("start_date", localdate(now))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        start, end = given.get("start_date"), given.get("end_date")
        if start and end and end < start:
            self.add_error("end_date", _("The last day is before the first."))
        return given

    def given(self) -> Assignment:
        data = self.cleaned_data
        return Assignment(
            self.kind.key, data["post"], self.words(), data["start_date"], data["end_date"]
        )


class ReasonForm(OnceForm):
    reason = prose(_("Reason"), rows=2, max_length=1000)


class CopyForm(OnceForm):
    """Which duties go to which sites of the same kind."""

    duties = forms.MultipleChoiceField(
        label=_("Duties to copy"), widget=forms.CheckboxSelectMultiple
    )
    to = forms.MultipleChoiceField(label=_("To these sites"), widget=forms.CheckboxSelectMultiple)

    def __init__(
        self, *args: Any, duties: Iterable[Duty], sites: Iterable[Site], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.by_duty = {str(duty.pk): duty for duty in duties}
        self.by_site = {str(site.pk): site for site in sites}
        of_duties, of_sites = self.fields["duties"], self.fields["to"]
        assert isinstance(of_duties, forms.MultipleChoiceField)
        assert isinstance(of_sites, forms.MultipleChoiceField)
        of_duties.choices = [
            (key, f"{duty.duty_kind} · {duty.post.unit} {duty.post.title}")
            for key, duty in self.by_duty.items()
        ]
        of_sites.choices = [(key, site.name) for key, site in self.by_site.items()]
        self.initial.setdefault("duties", [*self.by_duty])

    def chosen_duties(self) -> list[Duty]:
        return [self.by_duty[key] for key in self.cleaned_data["duties"]]

    def chosen_sites(self) -> list[Site]:
        return [self.by_site[key] for key in self.cleaned_data["to"]]
