"""What is filled in about risks, their controls and checks. No field asks for a person."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bihuan.core import risk as core
from bihuan.files.fields import FilesField
from bihuan.orgs.choices import Holding, holders
from bihuan.orgs.forms import PostField
from bihuan.risks import wording
from bihuan.risks.actions.controls import CheckResult, Measure
from bihuan.risks.actions.registration import Levels, RiskWords
from bihuan.risks.models import Control
from bihuan.sites.choices import posts_at
from bihuan.sites.models import Site
from bihuan.web.fields import day, line, prose, yes_or_no
from bihuan.web.forms import OnceForm

NO_NAMES = _("Do not enter names of people.")


def _level(label: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(label=label, coerce=int, widget=forms.RadioSelect)


class LevelsForm(OnceForm):
    """Likelihood and consequence, by the levels of the matrix in use."""

    likelihood = _level(_("Likelihood"))
    consequence = _level(pgettext_lazy("risk", "Consequence"))

    def __init__(self, *args: Any, now: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        matrix = core.current(localdate(now))
        for name, of in (
            ("likelihood", matrix.likelihoods),
            ("consequence", matrix.consequences),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.TypedChoiceField)
            field.choices = wording.levels(of)

    def levels(self) -> Levels:
        return Levels(self.cleaned_data["likelihood"], self.cleaned_data["consequence"])


class WordsForm(OnceForm):
    title = line(
        pgettext_lazy("a risk", "Risk point"),
        length=120,
        help_text=_("The part of the site: “boiler room”, “stairs of the dormitory”."),
    )
    harm = prose(_("What can happen"), rows=3, max_length=1000, help_text=NO_NAMES)

    def words(self) -> RiskWords:
        return RiskWords(self.cleaned_data["title"], self.cleaned_data["harm"])


class RiskForm(LevelsForm, WordsForm):
    field_order = ("title", "harm", "likelihood", "consequence")


class RegradeForm(LevelsForm):
    reason = prose(_("Reason"), rows=2, max_length=1000, help_text=NO_NAMES)


class ReasonForm(OnceForm):
    reason = prose(_("Reason"), rows=2, max_length=1000, help_text=NO_NAMES)


class DecideForm(OnceForm):
    """Confirm or refuse a lower grade; a refusal says why. The officer who proposed it can only
    withdraw it.
    """

    granted = yes_or_no(_("Decision"), _("Confirm the lower grade"), _("Keep the grade"))
    note = prose(pgettext_lazy("decision", "Note"), rows=2, required=False, max_length=1000)

    def __init__(self, *args: Any, own: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if own:
            del self.fields["granted"]
            self.fields["note"].required = True

    @property
    def is_granted(self) -> bool:
        return bool(self.cleaned_data.get("granted"))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("granted") is False and not given.get("note") and "note" not in self.errors:
            self.add_error("note", _("State the reason."))
        return given


class ControlForm(OnceForm):
    kind = forms.ChoiceField(label=pgettext_lazy("control", "Kind"), choices=Control.Kind.choices)
    measure = prose(pgettext_lazy("control", "Measure"), rows=2, max_length=400, help_text=NO_NAMES)
    post = PostField(
        label=_("Checked by"),
        required=False,
        help_text=_("The post that checks whether the measure works. It can be named later."),
    )
    every_days = forms.IntegerField(
        label=_("Checked every … days"), min_value=1, max_value=core.MOST_DAYS, initial=30
    )

    def __init__(self, *args: Any, site: Site, now: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        on = localdate(now)
        posts = posts_at(site, on).select_related("unit").order_by("unit__path", "pk")
        held = holders(posts.values("pk"), on)
        field = self.fields["post"]
        assert isinstance(field, PostField)
        field.none = _("No post yet")
        field.offer(Holding(post, held.get(post.pk, "")) for post in posts)

    def given(self) -> Measure:
        data = self.cleaned_data
        return Measure(data["kind"], data["measure"], data["post"], data["every_days"])


class CheckForm(OnceForm):
    is_effective = yes_or_no(
        _("Does the measure work?"), _("Yes, it works"), _("No, it does not work")
    )
    note = prose(
        _("What the check found"), rows=2, required=False, max_length=1000, help_text=NO_NAMES
    )
    photos = FilesField(
        label=_("Photos"),
        required=False,
        help_text=_("Location and camera data are removed when a photo is received."),
    )
    checked_date = day(_("Checked on"))

    def __init__(self, *args: Any, now: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = localdate(now)
        self.initial.setdefault("checked_date", self.today)

    def clean_checked_date(self) -> date:
        found: date = self.cleaned_data["checked_date"]
        if found > self.today:
            raise forms.ValidationError(_("This date is in the future."))
        return found

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        failed = given.get("is_effective") is False
        if failed and not given.get("note") and "note" not in self.errors:
            self.add_error("note", _("Say what does not work."))
        return given

    def digests(self) -> list[str]:
        """Return what identifies the photos, for the key of the form."""
        return [photo.sha256 for photo in self.cleaned_data["photos"]]

    def result(self) -> CheckResult:
        data = self.cleaned_data
        return CheckResult(data["is_effective"], data["note"], data["checked_date"])
