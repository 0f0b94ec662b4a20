"""What is filled in about bindings, groups and visits."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bihuan.core import visiting
from bihuan.core.visiting import Outcome, Risk
from bihuan.files.fields import FilesField
from bihuan.orgs import choices, naming
from bihuan.orgs.forms import PostField, UnitField
from bihuan.orgs.models import Post, Unit, User
from bihuan.orgs.queries import units_in_reach
from bihuan.visits import queries
from bihuan.visits.actions.binding import Terms
from bihuan.visits.models import OUTCOMES, RISKS, Binding, Group
from bihuan.web.fields import day, line, prose
from bihuan.web.forms import OnceForm


class VisitForm(OnceForm):
    """The day, what was seen, a note and photos of the place."""

    outcome = forms.ChoiceField(
        label=_("What did you see?"),
        choices=OUTCOMES,
        widget=forms.RadioSelect,
        help_text=_("“Found something” leads to the report of a hazard at this site."),
    )
    visited_date = day(_("Day of the visit"))
    note = prose(
        _("Note about the site"),
        required=False,
        rows=2,
        max_length=1000,
        help_text=_("The state of the place only. Do not name people."),
    )
    is_note_shown = forms.BooleanField(
        label=_("The operator of the site may read this note"),
        required=False,
        help_text=_("Otherwise only officers read it. Photos are never shown to the operator."),
    )
    photos = FilesField(
        label=_("Photos"),
        required=False,
        help_text=_("Of the place, not of people. Location and camera data are removed."),
    )

    def __init__(self, *args: Any, binding: Binding, now: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        self.binding, self.today = binding, localdate(now)
        self.initial.setdefault("visited_date", self.today)
        self.fields["visited_date"].widget.attrs |= {
            "min": binding.start_date.isoformat(),
            "max": self.today.isoformat(),
        }

    def clean_visited_date(self) -> date:
        found: date = self.cleaned_data["visited_date"]
        if found > self.today:
            raise forms.ValidationError(_("This date is in the future."))
        if found < self.binding.start_date:
            raise forms.ValidationError(_("The site was bound to the post after this day."))
        return found

    def clean_outcome(self) -> Outcome:
        return Outcome(self.cleaned_data["outcome"])


class WithdrawForm(forms.Form):
    reason = line(_("Reason"), help_text=_("For example “wrong site”. Do not name people."))


class UnbindForm(forms.Form):
    reason = line(_("Reason"), help_text=_("The site is then on the list of sites without a post."))


class BindForm(OnceForm):
    """To which post sites are bound, and how often they are visited."""

    post = PostField(label=_("Post that visits"))
    group = forms.TypedChoiceField(
        label=_("Group"),
        required=False,
        help_text=_("Each post of a group may record a visit."),
    )
    risk = forms.ChoiceField(
        label=_("Risk"),
        required=False,
        choices=[("", _("Not assessed")), *RISKS],
        help_text=_("Sites with a higher risk are visited more often."),
    )
    every_days = forms.IntegerField(
        label=_("Visited every … days"),
        required=False,
        min_value=visiting.LEAST_DAYS,
        max_value=visiting.MOST_DAYS,
        help_text=_("If you leave it empty, the kind of the site and its risk decide."),
    )

    def __init__(self, *args: Any, user: User, now: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        post, group = self.fields["post"], self.fields["group"]
        assert isinstance(post, PostField)
        assert isinstance(group, forms.TypedChoiceField)
        post.offer(queries.visiting_posts(user, now))
        rows = {str(each.pk): each for each in queries.groups(user, now).order_by("name", "pk")}
        names = [(pk, f"{each.name} · {naming.name_of(each.unit)}") for pk, each in rows.items()]
        group.choices = [("", gettext("No group")), *names]
        group.coerce, group.empty_value = rows.__getitem__, None

    def start_from(self, binding: Binding) -> None:
        """Begin with what is in force."""
        self.initial.update(
            {
                "post": binding.post_id,
                "group": binding.group_id,
                "risk": binding.risk,
                "every_days": binding.every_days,
            }
        )

    def terms(self) -> Terms:
        given = self.cleaned_data
        risk = Risk(given["risk"]) if given["risk"] else None
        return Terms(given["post"], given["group"], risk, given["every_days"])


class UnitChoiceForm(forms.Form):
    """The unit of a new group."""

    unit = UnitField(label=_("Unit"))

    def __init__(self, *args: Any, user: User, now: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        unit = self.fields["unit"]
        assert isinstance(unit, UnitField)
        units = units_in_reach(user, [queries.BINDER], now)
        unit.offer(units)
        self.initial.setdefault("unit", units[0].pk if units else None)


class GroupForm(forms.Form):
    """The name of a group, and its posts."""

    name = line(_("Name of the group"), length=40)
    posts = forms.TypedMultipleChoiceField(
        label=_("Posts"), widget=forms.CheckboxSelectMultiple, choices=()
    )

    def __init__(self, *args: Any, unit: Unit, user: User, now: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        held = [
            each for each in queries.visiting_posts(user, now) if each.post.unit.is_within(unit)
        ]
        posts = self.fields["posts"]
        assert isinstance(posts, forms.TypedMultipleChoiceField)
        posts.choices = [(str(each.post.pk), _label(each)) for each in held]
        posts.coerce = {str(each.post.pk): each.post for each in held}.__getitem__

    def start_from(self, group: Group) -> None:
        self.initial.update(
            {
                "name": group.name,
                "posts": [str(pk) for pk in group.posts.values_list("pk", flat=True)],
            }
        )

    @property
    def chosen(self) -> list[Post]:
        return list(self.cleaned_data["posts"])


def _label(holding: choices.Holding) -> str:
    return f"{naming.name_of(holding.post.unit)} · {holding}"
