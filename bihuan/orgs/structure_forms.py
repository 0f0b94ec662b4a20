"""Forms for who holds which post in which unit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bihuan.core.powers import Power
from bihuan.orgs import defaults
from bihuan.orgs.forms import (
    CODE,
    USER_NAME_HELP,
    NewUnitForm,
    OfficerField,
    OnceForm,
    UnitField,
    day_field,
    propose_user_name,
    text_field,
)
from bihuan.orgs.models import Unit
from bihuan.orgs.officers import Offer
from bihuan.orgs.wording import POWER_CHOICES


class _OfficerForm(forms.Form):
    """A form with a field that offers officers."""

    chooses = "member"

    def __init__(self, *args: Any, offer: Offer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields[self.chooses]
        assert isinstance(field, OfficerField)
        field.offer(offer.officers, offer.note)


class AppointForm(_OfficerForm):
    """The officer appointed to a post, and the period."""

    member = OfficerField(label=_("Officer"))
    start_date = day_field(_("First day"))
    end_date = day_field(
        _("Last day"), required=False, help_text=_("Leave empty if there is no end date.")
    )


class HandOverForm(_OfficerForm):
    """The next holder of a post, and the first day."""

    chooses = "to"

    to = OfficerField(label=_("Next holder"))
    start_date = day_field(_("First day of the next holder"))
    reason = text_field(_("Reason"), length=200, required=False)


class StandInForm(_OfficerForm):
    """Who acts for the holder of a post, and on which days."""

    member = OfficerField(label=_("Stand-in"))
    start_date = day_field(_("First day"))
    end_date = day_field(_("Last day"))
    reason = text_field(
        _("Reason"),
        length=200,
        required=False,
        help_text=_("It is recorded with the post: “business trip” or “leave” is enough."),
    )


class OptionalReasonForm(forms.Form):
    """A reason that may be left out."""

    reason = text_field(_("Reason"), length=200, required=False)


class _IntoUnitForm(forms.Form):
    """A form with the unit into which something is moved."""

    chooses = "unit"

    def __init__(self, *args: Any, units: Iterable[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields[self.chooses]
        assert isinstance(field, UnitField)
        field.offer(units)


class ParentForm(_IntoUnitForm):
    """The unit below which a new one is added, and with what."""

    chooses = "parent"

    parent = UnitField(label=_("Unit above"))
    what = forms.ChoiceField(
        label=_("What to add"),
        choices=[
            ("staffed", _("A unit with its first post and officer")),
            ("alone", _("A unit without posts")),
        ],
        widget=forms.RadioSelect,
        initial="staffed",
    )


class MoveUnitForm(_IntoUnitForm):
    """The unit below which a unit is moved."""

    chooses = "parent"

    parent = UnitField(label=_("New parent unit"))
    reason = text_field(_("Reason"), length=200, required=False)


class MovePostForm(_IntoUnitForm):
    """The unit into which a post is moved."""

    unit = UnitField(label=_("New unit"))
    reason = text_field(_("Reason"), length=200)


class NewUnitWithPostForm(OnceForm, NewUnitForm):
    """A new unit, its first post, and the officer who holds it."""

    title = text_field(pgettext_lazy("post", "Title"), length=60)
    title_en = text_field(
        _("English title"),
        length=80,
        required=False,
        help_text=_("If you change only the title, it becomes that of posts with the same title."),
    )
    powers = forms.MultipleChoiceField(
        label=_("Powers"),
        required=False,
        choices=POWER_CHOICES,
        widget=forms.CheckboxSelectMultiple,
    )
    member = OfficerField(
        label=_("Officer"),
        required=False,
        help_text=_("An officer with an account; leave empty to create an account below."),
    )
    member_name = text_field(_("Name of a new officer"), length=60, required=False)
    username = text_field(
        _("User name of the new officer"),
        length=60,
        required=False,
        validators=[CODE],
        help_text=USER_NAME_HELP,
    )
    work_phone = text_field(_("Work telephone"), length=40, required=False)
    start_date = day_field(_("First day"))
    field_order = (
        "name", "kind", "code", "name_en", "division_code", "title", "title_en", "powers",
        "member", "member_name", "username", "work_phone", "start_date",
    )  # fmt: skip

    def __init__(self, *args: Any, offer: Offer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["member"]
        assert isinstance(field, OfficerField)
        field.offer(offer.officers, offer.note)

    def clean_powers(self) -> list[Power]:
        return [Power(power) for power in self.cleaned_data["powers"]]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        name, username = given.get("member_name"), given.get("username")
        if given.get("member") is not None and (name or username):
            self.add_error("member", _("Choose an officer or name a new one, not both."))
        elif username and not name and "member_name" not in self.errors:
            self.add_error("member_name", _("A new officer needs a name and a user name."))
        elif name and not username and "username" not in self.errors:
            propose_user_name(self, name)
        title = given.get("title", "")
        given["title_en"] = defaults.english_title(title, given.get("title_en", ""))
        return given
