"""Forms for the organisation and for one's own account."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from secrets import token_hex
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import (
    MinimumLengthValidator,
    get_default_password_validators,
    validate_password,
)
from django.core.validators import RegexValidator
from django.http import QueryDict
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from bihuan.core import initials, legible
from bihuan.core.powers import Power
from bihuan.orgs import choices, naming
from bihuan.orgs.models import CODE_PATTERN, Post, Unit, User
from bihuan.orgs.wording import POWER_CHOICES, one_after_the_other

USER_NAME_HELP = _(
    "Used to sign in; it cannot be changed later. If you leave it empty, one is proposed."
)
# A day before this year is a mistake in the year.
FIRST_YEAR = 1900
CODE = RegexValidator(CODE_PATTERN, _("Use only letters, digits, points and hyphens."))


class DayField(forms.DateField):
    """A day of this era: one of year 1 cannot be counted back from, nor is it a day everywhere."""

    def to_python(self, value: Any) -> date | None:
        given = super().to_python(value)
        if given is not None and given.year < FIRST_YEAR:
            raise forms.ValidationError(self.error_messages["invalid"], "invalid")
        return given


def day_field(label: str | Any, **options: Any) -> DayField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return DayField(label=label, widget=widget, **options)


def text_field(
    label: str | Any, *, length: int, required: bool = True, **options: Any
) -> forms.CharField:
    field = forms.CharField if options.get("strip") is False else WordsField
    return field(label=label, max_length=length, required=required, **options)


class WordsField(forms.CharField):
    """A text field that normalises spaces; if required, it must contain words."""

    def to_python(self, value: Any) -> Any:
        found = super().to_python(value) or ""
        if "\x00" in found:
            return found  # refused by name later, like any other field
        return legible.words(found) if self.required else legible.clean(found)


class KeyedSelect(forms.Select):
    """A list whose options carry the initials by which they are found."""

    keys: Mapping[str, str] = {}

    def create_option(self, name: str, value: Any, *args: Any, **options: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **options)
        if keys := self.keys.get(str(value)):
            option["attrs"]["data-keys"] = keys
        return option


class PostField(forms.TypedChoiceField):
    """A post, chosen in its unit by title and current holder."""

    widget = KeyedSelect
    # The choice that names no post.
    none: str | Any = _("Choose a post")
    # The posts that may be chosen, by id.
    offered: Mapping[int, Post] = {}

    def offer(self, holdings: Iterable[choices.Holding], proposed: Sequence[int] = ()) -> None:
        """Offer these posts, the proposed ones first, with the names of their units."""
        offered = {holding.post.pk: holding for holding in holdings}
        first = [offered[pk] for pk in proposed if pk in offered]
        rest = [holding for pk, holding in offered.items() if pk not in proposed]
        self.offered = {pk: holding.post for pk, holding in offered.items()}
        best = [(str(each.post.pk), f"{naming.name_of(each.post.unit)} · {each}") for each in first]
        groups = [(pgettext("post", "Proposed"), best)] if best else []
        self.choices = [("", self.none), *groups, *choices.grouped(rest)]
        assert isinstance(self.widget, KeyedSelect)
        self.widget.keys = {str(pk): holding.keys for pk, holding in offered.items()}
        self.coerce = {str(pk): post for pk, post in self.offered.items()}.__getitem__
        self.empty_value = None


class OfficerField(forms.TypedChoiceField):
    """An officer, chosen by name and posts."""

    widget = KeyedSelect

    def offer(self, officers: Iterable[tuple[User, str]], note: str = "") -> None:
        """Offer these officers; the note says why others are not among them."""
        offered = list(officers)
        if note:
            help_text = str(self.help_text)
            self.help_text = one_after_the_other(help_text, note) if help_text else note
        assert isinstance(self.widget, KeyedSelect)
        self.widget.keys = {str(user.pk): " ".join(initials.keys(user.name)) for user, _ in offered}
        by_key = {str(user.pk): user for user, _ in offered}
        first = _("Choose an officer")
        self.choices = [("", first), *((str(user.pk), label) for user, label in offered)]
        self.coerce = by_key.__getitem__
        self.empty_value = None


class UnitField(forms.TypedChoiceField):
    """A unit, chosen from those that the officer may name here."""

    def offer(self, units: Iterable[Unit]) -> None:
        offered = list(units)
        top = min((unit.depth for unit in offered), default=0)
        by_key = {str(unit.pk): unit for unit in offered}
        self.choices = [
            ("", _("Choose a unit")),
            *((str(u.pk), "\u3000" * (u.depth - top) + naming.name_of(u)) for u in offered),
        ]
        self.coerce = by_key.__getitem__
        self.empty_value = None


class SignInForm(forms.Form):
    """User name and password; the error never says which of them is wrong."""

    username = text_field(
        _("User name"),
        length=60,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "autofocus": True}
        ),
    )
    password = text_field(
        _("Password"),
        length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class OwnPasswordForm(forms.Form):
    """The current password, and the new one twice."""

    present = text_field(
        _("Current password"),
        length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = text_field(
        _("New password"),
        length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = text_field(
        _("Confirm new password"),
        length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["new"].help_text = _password_hint()

    def clean_new(self) -> str:
        new: str = self.cleaned_data["new"]
        validate_password(new, self.user)
        return new

    def clean_again(self) -> str:
        again: str = self.cleaned_data["again"]
        if self.cleaned_data.get("new", again) != again:
            raise forms.ValidationError(_("The new passwords do not match."))
        return again


def _password_hint() -> str:
    """Describe the configured password rules in one sentence."""
    checks = get_default_password_validators()
    least = next(each.min_length for each in checks if isinstance(each, MinimumLengthValidator))
    return gettext(
        "At least %(n)s characters, with two of: lower case letters, capital letters, digits, "
        "others. No common password, and nothing similar to your name or user name."
    ) % {"n": least}


class AccountForm(forms.Form):
    """Account settings that officers change themselves."""

    work_phone = text_field(_("Work telephone"), length=40, required=False)
    language = forms.ChoiceField(
        label=_("Language"), choices=settings.LANGUAGES, widget=forms.RadioSelect
    )


class UnitForm(forms.Form):
    """A unit's name, kind and division code."""

    name = text_field(_("Name"), length=80)
    name_en = text_field(_("English name"), length=120, required=False)
    kind = forms.ChoiceField(label=pgettext_lazy("unit", "Kind"), choices=Unit.Kind.choices)
    division_code = text_field(
        _("Division code"),
        length=12,
        required=False,
        help_text=_("2, 4, 6, 9 or 12 digits, within the division of the unit above."),
    )

    def clean_kind(self) -> Unit.Kind:
        return Unit.Kind(self.cleaned_data["kind"])


class ChangeUnitForm(UnitForm):
    """A unit that exists: also whether the public may choose it."""

    is_public = forms.BooleanField(
        label=_("For the public"),
        required=False,
        help_text=_(
            "If not ticked, the public pages offer neither this unit nor the units below it, and "
            "do not name them."
        ),
    )


class NewUnitForm(UnitForm):
    """A new unit: also the code by which ledgers and commands refer to it."""

    code = text_field(
        _("Unit code"),
        length=32,
        validators=[CODE],
        help_text=_("Identifies the unit in ledgers and workbooks; it cannot be changed later."),
    )
    field_order: Sequence[str] = ("code", "name")


class EndForm(forms.Form):
    """An end date and a reason."""

    end_date = day_field(_("Last day"))
    reason = text_field(_("Reason"), length=200)


class CloseUnitForm(EndForm):
    """The last day of a unit, and the unit that takes over its open work."""

    successor = forms.TypedChoiceField(label=_("Successor unit"), required=False)
    field_order = ("end_date", "successor", "reason")

    def __init__(self, *args: Any, heirs: Sequence[Unit], has_work: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["successor"]
        assert isinstance(field, forms.TypedChoiceField)
        by_key = {str(unit.pk): unit for unit in heirs}
        first = _("Choose a unit") if has_work else pgettext_lazy("unit", "None")
        field.choices = [("", first), *((str(unit.pk), naming.name_of(unit)) for unit in heirs)]
        field.coerce, field.empty_value = by_key.__getitem__, None
        field.required = has_work
        field.help_text = _("Choose the unit above or a unit on the same level.")


COORDINATORS = "coordinators"


class EndPostForm(EndForm):
    """The last day of a post, and the post that takes over its open work."""

    to = forms.ChoiceField(label=_("Open work goes to"), required=False)
    field_order = ("end_date", "to", "reason")

    def __init__(self, *args: Any, posts: Sequence[Post], has_work: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.posts = {str(post.pk): post for post in posts}
        if not has_work:
            del self.fields["to"]
            return
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)
        offered = [(key, naming.seat_of(post)) for key, post in self.posts.items()]
        waits = (COORDINATORS, _("Not assigned yet: the coordinators will assign it to a post"))
        field.choices = [("", _("Choose a post")), *offered, waits]
        field.required = True

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        chosen = given.pop("to", "")
        given["to"] = self.posts.get(chosen)
        given["to_coordinators"] = chosen == COORDINATORS
        return given


class ReasonForm(forms.Form):
    """A reason."""

    reason = text_field(_("Reason"), length=200)


class PostForm(forms.Form):
    """A post's title and powers."""

    title = text_field(pgettext_lazy("post", "Title"), length=60)
    title_en = text_field(_("English title"), length=80, required=False)
    powers = forms.MultipleChoiceField(
        label=_("Powers"),
        required=False,
        choices=POWER_CHOICES,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "They cover the unit and all units below it. An added power can be used for "
            "unsealing once a second administrator confirms it, or after 72 hours."
        ),
    )

    def clean_powers(self) -> list[Power]:
        return [Power(power) for power in self.cleaned_data["powers"]]


class MemberForm(forms.Form):
    """An officer's name and contact details, as colleagues see them."""

    name = text_field(pgettext_lazy("officer", "Name"), length=60)
    work_phone = text_field(_("Work telephone"), length=40, required=False)


class OnceForm(forms.Form):
    """A form that is carried out once, however often it is sent: its page gave it a key."""

    form_key = forms.CharField(
        required=False,
        max_length=64,
        initial=partial(token_hex, 12),
        widget=forms.HiddenInput(attrs={"autocomplete": "off"}),
    )


class NewMemberForm(OnceForm, MemberForm):
    """A new officer: also the user name."""

    username = text_field(
        _("User name"),
        length=60,
        required=False,
        validators=[CODE],
        help_text=USER_NAME_HELP,
    )
    field_order = ("name", "username")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("name") and not given.get("username") and "username" not in self.errors:
            propose_user_name(self, given["name"])
        return given


def propose_user_name(form: forms.Form, name: str) -> None:
    """Fill the user name in, for the administrator to check: the initials of the name, with a
    number if they are taken.
    """
    assert isinstance(form.data, QueryDict)
    data = form.data.copy()
    data["username"] = _free_user_name(name)
    form.data = data
    form.add_error("username", _("A user name is proposed. Check it and send the form again."))


def _free_user_name(name: str) -> str:
    known = initials.keys(name)
    stem = known[0] if known else re.sub(r"[^a-z0-9.-]", "", name.lower().replace(" ", "."))
    taken = set(User.objects.filter(username__startswith=stem).values_list("username", flat=True))
    numbered = (f"{stem}{n}" for n in itertools.count(2))
    return next(each for each in itertools.chain([stem], numbered) if each not in taken)


def first_values(row: Unit | Post | User, form: type[forms.Form]) -> dict[str, object]:
    """Return the initial form values for this row."""
    return {name: getattr(row, name) for name in form.base_fields}
