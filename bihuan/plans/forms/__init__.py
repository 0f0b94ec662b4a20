"""What is filled in about plans, rounds and what is looked back at. No field asks for a person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from bihuan.checklists import queries as checklists
from bihuan.checklists.models import Checklist
from bihuan.core.recurrence import Every, Recurrence, RuleRefused, WindowTooLong
from bihuan.files.fields import FilesField
from bihuan.orgs import choices, naming
from bihuan.orgs.forms import KeyedSelect, UnitField
from bihuan.orgs.models import Unit, User
from bihuan.plans import queries
from bihuan.plans.actions.plans import Outline
from bihuan.plans.models import RECURRING, Kind, Plan
from bihuan.plans.queries.selection import Selection, inspecting_posts
from bihuan.risks.models import Colour
from bihuan.sites import catalogue
from bihuan.web.fields import Label, day, line, prose, yes_or_no
from bihuan.web.forms import OnceForm

NO_NAMES = _("Do not enter names of people.")
# Units and posts below this many levels are not offered one by one.
LEVELS = 3
# The days to complete that a new plan proposes.
DAYS = 30


class ManyField(forms.TypedMultipleChoiceField):
    """Several records, each chosen by its key."""

    widget = forms.CheckboxSelectMultiple

    def offer(
        self, groups: Sequence[tuple[str, Sequence[tuple[str, str]]]], by: Mapping[str, Any]
    ) -> None:
        self.choices = groups if len(groups) > 1 else [row for _, rows in groups for row in rows]
        self.coerce = by.__getitem__


def many(label: Label, **options: Any) -> ManyField:
    return ManyField(label=label, required=False, **options)


def offer_posts(field: forms.Field, units: Iterable[Unit], now: datetime) -> None:
    """Offer the posts of these units and below that may inspect, grouped by unit."""
    assert isinstance(field, ManyField)
    on = localdate(now)
    posts = inspecting_posts(Unit.objects.within(*units).open(), on)
    held = choices.holders([post.pk for post in posts], on)
    holdings = [choices.Holding(post, held.get(post.pk, "")) for post in posts]
    field.offer(choices.grouped(holdings), {str(post.pk): post for post in posts})


def offer_areas(field: forms.Field, top: Unit) -> None:
    """Offer the units below, down to a few levels."""
    assert isinstance(field, ManyField)
    below = Unit.objects.within(top).open().exclude(pk=top.pk)
    found = list(below.filter(depth__lte=top.depth + LEVELS).order_by("path"))
    rows = [(str(u.pk), "\u3000" * (u.depth - top.depth - 1) + naming.name_of(u)) for u in found]
    field.offer([("", rows)], {str(u.pk): u for u in found})


class ChecklistField(forms.TypedChoiceField):
    """A checklist with a version in use."""

    widget = KeyedSelect

    def offer(self, user: User, now: datetime) -> None:
        found = {v.checklist_id: v.checklist for v in checklists.offered_to(user, now)}
        rows = [(str(pk), named(each)) for pk, each in found.items()]
        self.choices = [("", _("Choose a checklist")), *rows]
        self.coerce = {str(pk): each for pk, each in found.items()}.__getitem__
        self.empty_value = None


def named(checklist: Checklist) -> str:
    return naming.in_language(checklist.title, checklist.title_en)


class WhichForm(OnceForm):
    """Which sites are meant."""

    site_kinds = forms.MultipleChoiceField(
        label=_("Kinds of sites"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Every kind if none is ticked."),
    )
    areas = many(_("Only these units"), help_text=_("The whole unit if none is ticked."))
    trade = forms.ChoiceField(
        label=_("Trade"),
        required=False,
        help_text=_("With a trade, the sites that the unit regulates in it, whatever their area."),
    )
    colours = forms.MultipleChoiceField(
        label=_("Worst risk"),
        required=False,
        choices=Colour.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("All sites if none is ticked, also those without registered risks."),
    )

    def prepare(self, unit: Unit) -> None:
        kinds, trades = self.fields["site_kinds"], self.fields["trade"]
        assert isinstance(kinds, forms.MultipleChoiceField)
        assert isinstance(trades, forms.ChoiceField)
        kinds.choices = catalogue.choices(catalogue.kinds())
        trades.choices = [("", _("All sites of the area")), *catalogue.choices(catalogue.trades())]
        offer_areas(self.fields["areas"], unit)

    def selection(self, unit: Unit) -> Selection:
        data = self.cleaned_data
        return Selection(
            unit,
            tuple(data["areas"]),
            tuple(data["site_kinds"]),
            tuple(data["colours"]),
            data["trade"],
        )


# The choices after which a plan has further windows.
_REPEATED = "every=" + " ".join(each.value for each in Every if each is not Every.ONCE)


class PlanForm(WhichForm):
    """A plan: which sites, how often, with which list, by which posts."""

    title = line(_("Title of the plan"), length=80)
    kind = forms.ChoiceField(
        label=pgettext_lazy("inspection", "Kind"),
        choices=[(kind.value, kind.label) for kind in RECURRING],
        widget=forms.RadioSelect,
        help_text=_(
            "An unannounced inspection is hidden from the operator of the site until it begins."
        ),
    )
    checklist = ChecklistField(label=_("Checklist"))
    every = forms.ChoiceField(
        label=_("How often"), choices=Plan.Recurs.choices, widget=forms.RadioSelect
    )
    start_date = day(
        _("First day"),
        help_text=_(
            "Weekly to yearly windows begin on the same day of the week or month; those of a "
            "school term in March and September, those of holidays before the holiday."
        ),
    )
    end_date = day(_("Last day"), required=False, help_text=_("Empty if it has no end."))
    days = forms.IntegerField(
        label=_("Days to complete"),
        min_value=1,
        max_value=366,
        help_text=_("What is not done by then is marked as missed."),
    )
    working_days_only = forms.BooleanField(
        label=_("Begin on a working day, and count working days only"), required=False
    )
    posts = many(
        _("Posts that inspect"),
        help_text=_(
            "Each site is given to the nearest of these posts that covers it; a joint inspection "
            "to all of them. Posts of the operator never inspect its sites."
        ),
    )
    field_order = (
        "title", "kind", "checklist", "site_kinds", "areas", "trade", "colours", "every",
        "start_date", "end_date", "days", "working_days_only", "posts",
    )  # fmt: skip
    fieldsets = (
        (_("Sites"), ("site_kinds", "areas", "trade", "colours")),
        (
            _("When"),
            ("every", "start_date", "days", "working_days_only"),
        ),
        (_("End of the plan (not for one that is done once)"), ("end_date",), _REPEATED),
        (
            _("Who inspects (not for self-checks)"),
            ("posts",),
            "kind=ordinary joint unannounced",
        ),
    )

    def __init__(self, *args: Any, user: User, unit: Unit, now: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        self.unit = unit
        self.prepare(unit)
        field = self.fields["checklist"]
        assert isinstance(field, ChecklistField)
        field.offer(user, now)
        offer_posts(self.fields["posts"], [unit], now)
        self.initial = {
            "kind": Kind.ORDINARY.value,
            "every": Every.QUARTER.value,
            "start_date": localdate(now),
            "days": DAYS,
            **self.initial,
        }

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("every") == Every.ONCE:
            given["end_date"] = None
        if given.get("kind") == Kind.SELF_CHECK:
            given["posts"] = []
        elif "kind" in given and not given.get("posts") and "posts" not in self.errors:
            self.add_error("posts", _("Choose at least one post."))
        if given.get("kind") == Kind.JOINT and len({p.unit_id for p in given["posts"]}) == 1:
            self.add_error("posts", _("A joint inspection needs posts of several units."))
        if not self.errors:
            self._clean_recurrence(given)
        return given

    def _clean_recurrence(self, given: dict[str, Any]) -> None:
        try:
            given["recurrence"] = Recurrence(
                Every(given["every"]),
                given["start_date"],
                given["days"],
                given["end_date"],
                given["working_days_only"],
            )
        except WindowTooLong as refusal:
            text = gettext("At most %(most)d days, or windows would overlap.")
            self.add_error("days", text % {"most": refusal.most})
        except RuleRefused:
            self.add_error("end_date", _("The last day is before the first."))

    def outline(self) -> Outline:
        data = self.cleaned_data
        return Outline(
            title=data["title"],
            kind=Kind(data["kind"]),
            checklist=data["checklist"],
            selection=self.selection(self.unit),
            recurrence=data["recurrence"],
            posts=tuple(data["posts"]),
        )


def first_values(plan: Plan) -> dict[str, Any]:
    """Return what the form of a plan shows at first."""
    names = ("title", "kind", "site_kinds", "colours", "trade", "every", "start_date", "end_date")
    return {
        **{name: getattr(plan, name) for name in names},
        "days": plan.days,
        "working_days_only": plan.working_days_only,
        "checklist": str(plan.checklist_id),
        "areas": [str(pk) for pk in plan.areas.values_list("unit", flat=True)],
        "posts": [str(pk) for pk in plan.posts.values_list("post", flat=True)],
        "version": plan.version,
    }


class ChangePlanForm(PlanForm):
    """A plan that exists: with the version that the page showed."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class UnitForm(forms.Form):
    """The unit for which a plan or draw is made."""

    unit = UnitField(label=_("For which unit"))

    def __init__(self, *args: Any, user: User, now: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["unit"]
        assert isinstance(field, UnitField)
        units = queries.units_for(user, now)
        field.offer(units)
        self.initial.setdefault("unit", str(units[0].pk) if units else None)


class ReasonForm(OnceForm):
    reason = line(_("Reason"), length=200, help_text=NO_NAMES)


class GiveForm(OnceForm):
    """Other posts for an inspection that is planned."""

    posts = many(_("Posts that inspect"))

    def __init__(self, *args: Any, unit: Unit, now: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["posts"].required = True
        offer_posts(self.fields["posts"], [unit], now)


class JudgeForm(OnceForm):
    """What looking back at a closed case found; that it holds is shown by a photo."""

    holds = yes_or_no(
        pgettext_lazy("looking back", "Result"), _("The fix holds"), _("The problem has come back")
    )
    note = prose(pgettext_lazy("looking back", "What you saw"), help_text=NO_NAMES)
    photos = FilesField(label=_("Photos"), required=False)
    field_order = ("holds", "note", "photos")
    fieldsets = ((_("Photo that the fix holds"), ("photos",), "holds=yes"),)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("holds") and not given.get("photos") and "photos" not in self.errors:
            self.add_error("photos", _("Add at least one photo."))
        return given
