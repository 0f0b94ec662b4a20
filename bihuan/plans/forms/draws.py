"""What is filled in about draws: the seed first, conflicts of interest, then what is drawn."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from bihuan.cases import categories
from bihuan.core import draw as core
from bihuan.orgs.forms import UnitField
from bihuan.orgs.models import Post, Unit, User
from bihuan.plans import queries
from bihuan.plans.actions.draws import DrawOpening, Extent, Inspecting
from bihuan.plans.forms import (
    NO_NAMES,
    ChecklistField,
    WhichForm,
    many,
    offer_areas,
    offer_posts,
)
from bihuan.plans.models import Draw, Kind
from bihuan.plans.queries.pools import Closed
from bihuan.sites import queries as sites
from bihuan.sites.models import Site
from bihuan.web.fields import day, line, yes_or_no
from bihuan.web.forms import OnceForm

DRAWN = (Kind.ORDINARY, Kind.JOINT, Kind.UNANNOUNCED)
MOST_EACH = 5
# What the form proposes: the time to inspect, and the closed cases to look back at.
DRAWN_FOR, LOOKED_BACK_AT = timedelta(days=30), timedelta(days=90)


class OpenForm(OnceForm):
    """The seed is fixed here, before anything about the pool is known."""

    unit = UnitField(label=_("For which unit"))
    title = line(_("Title of the draw"), length=80)
    purpose = forms.ChoiceField(
        label=_("What is drawn"), choices=Draw.Purpose.choices, widget=forms.RadioSelect
    )
    origin = forms.ChoiceField(
        label=pgettext_lazy("a draw", "Seed"),
        choices=Draw.Origin.choices,
        widget=forms.RadioSelect,
        help_text=_(
            "The seed decides the draw, and anyone can repeat it. Of a seed drawn by the system a "
            "digest is shown at once, which proves later that it was not exchanged."
        ),
    )
    seed = line(_("Public number"), length=core.LONGEST_SEED, required=False)
    source = line(
        _("Where the number comes from"),
        length=200,
        required=False,
        help_text=_("For example: a lottery, its drawing, and the day on which it is published."),
    )
    fieldsets = ((_("Public number as the seed"), ("seed", "source"), "origin=public"),)

    def __init__(self, *args: Any, user: User, now: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["unit"]
        assert isinstance(field, UnitField)
        units = queries.units_for(user, now)
        field.offer(units)
        self.initial = {
            "unit": str(units[0].pk) if units else None,
            "purpose": Draw.Purpose.INSPECT.value,
            "origin": Draw.Origin.SYSTEM.value,
            **self.initial,
        }

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("origin") != Draw.Origin.PUBLIC:
            return given
        for name in ("seed", "source"):
            if not given.get(name) and name not in self.errors:
                self.add_error(name, _("Fill this in for a public number."))
        try:
            core.require_seed(given.get("seed") or "0")
        except core.BadSeed:
            self.add_error("seed", _("Use letters and digits that can be typed again."))
        return given

    def opening(self) -> DrawOpening:
        data = self.cleaned_data
        return DrawOpening(
            unit=data["unit"],
            title=data["title"],
            purpose=data["purpose"],
            origin=data["origin"],
            seed=data["seed"],
            source=data["source"],
        )


class ConflictForm(OnceForm):
    """A post that is left out for a conflict of interest, at one site or in the whole draw."""

    post = many(_("Post"))
    site = line(
        _("Code of the site"),
        length=10,
        required=False,
        help_text=_("Empty if the post takes no part in the draw at all."),
    )
    reason = line(_("Reason"), length=200, help_text=NO_NAMES)

    def __init__(self, *args: Any, user: User, draw: Draw, now: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user, self.now = user, now
        field = self.fields["post"]
        field.required = True
        offer_posts(field, [draw.unit], now)

    def clean_post(self) -> Post:
        chosen: list[Post] = self.cleaned_data["post"]
        if len(chosen) != 1:
            raise forms.ValidationError(_("Choose one post."))
        return chosen[0]

    def clean_site(self) -> Site | None:
        code = self.cleaned_data["site"]
        if not code:
            return None
        found = sites.visible_to(self.user, self.now).filter(code=code.upper()).first()
        if found is None:
            raise forms.ValidationError(
                gettext("There is no site %(code)s that you may see.") % {"code": code}
            )
        return found


class ExtentForm(WhichForm):
    """How many are drawn, by whom they are taken, and by when."""

    amount = forms.ChoiceField(
        label=pgettext_lazy("a draw", "How many"),
        choices=[("number", _("A number")), ("percent", _("A share of the pool"))],
        widget=forms.RadioSelect,
    )
    number = forms.IntegerField(
        label=pgettext_lazy("a draw", "Number"), min_value=1, max_value=5_000, required=False
    )
    percent = forms.IntegerField(
        label=_("Share in percent"), min_value=1, max_value=100, required=False
    )
    is_weighted = yes_or_no(_("Chances"), _("Higher with a higher risk"), _("The same for all"))
    posts = many(_("Posts among which is drawn"))
    start_date = day(_("First day"))
    complete_date = day(_("To be complete by"))

    def __init__(self, *args: Any, user: User, draw: Draw, now: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        self.draw, self.now = draw, now
        self.fields["posts"].required = True
        today = localdate(now)
        self.initial = {
            "amount": "number",
            "is_weighted": "yes",
            "posts_each": 1,
            "kind": Kind.ORDINARY.value,
            "start_date": today,
            "complete_date": today + DRAWN_FOR,
            "from_date": today - LOOKED_BACK_AT,
            "until_date": today,
            **self.initial,
        }
        self.prepare_for(user, draw.unit)
        offer_posts(self.fields["posts"], [draw.unit], now)

    def prepare_for(self, user: User, unit: Unit) -> None:
        """Offer what the officer may choose."""

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        amount = given.get("amount")
        for name in ("number", "percent"):
            if name != amount:
                given[name] = None
            elif given.get(name) is None and name not in self.errors:
                self.add_error(name, _("Fill this in."))
        start, complete = given.get("start_date"), given.get("complete_date")
        if start and complete and complete < max(start, localdate(self.now)):
            self.add_error("complete_date", _("This day is too early."))
        return given

    def extent(self) -> Extent:
        data = self.cleaned_data
        return Extent(
            number=data["number"],
            percent=data["percent"],
            is_weighted=data["is_weighted"],
            posts=tuple(data["posts"]),
            start_date=data["start_date"],
            complete_date=data["complete_date"],
            posts_each=data.get("posts_each", 1),
        )


HOW_MANY = (
    (pgettext_lazy("a draw", "Number"), ("number",), "amount=number"),
    (_("Share of the pool"), ("percent",), "amount=percent"),
)


class DrawSitesForm(ExtentForm):
    """Which sites are in the pool, and how those drawn are inspected."""

    kind = forms.ChoiceField(
        label=pgettext_lazy("inspection", "Kind"),
        choices=[(kind.value, kind.label) for kind in DRAWN],
        widget=forms.RadioSelect,
    )
    checklist = ChecklistField(label=_("Checklist"))
    not_since = day(
        _("Leave out sites inspected since"),
        required=False,
        help_text=_("Self-checks do not count. Empty if no site is left out for this."),
    )
    posts_each = forms.IntegerField(
        label=_("Posts for each site"), min_value=1, max_value=MOST_EACH
    )
    field_order = (
        "kind", "checklist", "is_weighted", "posts", "posts_each", "start_date", "complete_date",
        "amount",
    )  # fmt: skip
    fieldsets = (
        *HOW_MANY,
        (_("The pool"), ("site_kinds", "areas", "trade", "colours", "not_since")),
    )

    def prepare_for(self, user: User, unit: Unit) -> None:
        self.prepare(unit)
        field = self.fields["checklist"]
        assert isinstance(field, ChecklistField)
        field.offer(user, self.now)

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        posts = given.get("posts") or []
        if given.get("posts_each") and posts and given["posts_each"] > len(posts):
            self.add_error("posts_each", _("Choose at least as many posts."))
        if given.get("kind") == Kind.JOINT and len({post.unit_id for post in posts}) < 2:
            self.add_error("posts", _("A joint inspection needs posts of several units."))
        return given

    def inspecting(self) -> Inspecting:
        data = self.cleaned_data
        selection = self.selection(self.draw.unit)
        return Inspecting(selection, data["checklist"], Kind(data["kind"]), data["not_since"])


class DrawCasesForm(ExtentForm):
    """Which closed hazards are in the pool."""

    site_kinds = None  # type: ignore[assignment]
    trade = None  # type: ignore[assignment]
    colours = None  # type: ignore[assignment]
    from_date = day(
        _("Closed from"),
        help_text=_("Closed hazards that were not checked again since can be drawn."),
    )
    until_date = day(_("Closed until"))
    category = forms.ChoiceField(label=_("Category"), required=False)
    field_order = ("is_weighted", "posts", "start_date", "complete_date", "amount")
    fieldsets = (
        *HOW_MANY,
        (_("The pool"), ("from_date", "until_date", "areas", "category")),
    )

    def prepare_for(self, user: User, unit: Unit) -> None:
        offer_areas(self.fields["areas"], unit)
        field = self.fields["category"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("All categories")), *categories.offered("hazard")]
        self.fields["is_weighted"].help_text = _(
            "Higher for major hazards, and for those that have come back before."
        )
        self.fields["start_date"].help_text = _("From this day the posts look back.")
        self.fields["posts"].help_text = _(
            "Posts that may verify hazards. Those that fixed or verified one never look back at it."
        )

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        first, last = given.get("from_date"), given.get("until_date")
        if first and last and last < first:
            self.add_error("until_date", _("The last day is before the first."))
        return given

    def closed(self) -> Closed:
        data = self.cleaned_data
        return Closed(
            self.draw.unit,
            data["from_date"],
            data["until_date"],
            tuple(data["areas"]),
            data["category"],
        )
