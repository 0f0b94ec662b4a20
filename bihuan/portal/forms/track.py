"""Forms for the holder of a tracking code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.translation import gettext_lazy as _

from bihuan.portal.forms.fields import PhotosField
from bihuan.receipts.party_moves import Nothing
from bihuan.web.fields import line, prose, yes_or_no
from bihuan.web.forms import DataForm

D = TypeVar("D", covariant=True)

STARS = [(str(n), "★" * n) for n in range(5, 0, -1)]


class CodeForm(forms.Form):
    """The code as it was written down, in digits or words."""

    code = line(
        _("Your code"),
        help_text=_("Sixteen digits, or the five words. Spaces and hyphens are ignored."),
        widget=forms.TextInput(
            {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )


class DeskCodeForm(CodeForm):
    """The code of a person at a desk."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["code"].label = _("Code on the slip")

    is_present = forms.BooleanField(
        label=_("The person is here and wants it"),
        error_messages={"required": _("Only in the presence of the person.")},
    )


class ReplaceForm(forms.Form):
    note = prose(_("What the person says, and how you know that the slip is theirs"))


class LastGroupForm(forms.Form):
    """Confirms that the new code was written down."""

    last = line(
        _("The last four digits of the new code"),
        length=20,
        widget=forms.TextInput({"autocomplete": "off", "inputmode": "numeric"}),
    )


@dataclass(frozen=True)
class Why:
    """A reason, or none."""

    note: str


@dataclass(frozen=True)
class Correction:
    """The right text, and why it replaces the earlier one."""

    text: str
    note: str


@dataclass(frozen=True)
class Addition:
    """A text, and whether the other parties see the photos that came with it."""

    text: str
    is_shown: bool = False


@dataclass(frozen=True)
class Verdict:
    """Whether the answer solved the problem, and how the reporter was treated."""

    solved: bool
    stars: int | None
    text: str


@dataclass(frozen=True)
class Retaliation:
    text: str


class ActForm(DataForm[D]):
    """An act of the holder of a code; photos are checked separately."""

    left_out = frozenset({"photos"})

    def forgive(self) -> None:
        """Suppress errors in what was filled in so far, except missing photos."""
        for name in {*self.errors} - {"photos", NON_FIELD_ERRORS}:
            del self.errors[name]


class ConfirmForm(ActForm[Nothing]):
    """A form without fields; the page explains what will happen."""

    gives = Nothing


class EraseForm(ActForm[Why]):
    """A request to erase an item."""

    gives = Why

    note = prose(_("Why? (optional)"), required=False, max_length=1000)


class CorrectForm(ActForm[Correction]):
    """A request to correct an item, with the right text."""

    gives = Correction

    note = prose(_("Why? (optional)"), required=False, max_length=1000)
    text = prose(_("The correct text"), rows=6, max_length=20_000)
    field_order = ("text", "note")


class AddForm(ActForm[Addition]):
    gives = Addition

    text = prose(_("Your message"), rows=6, required=False)
    photos = PhotosField(
        label=_("Photos"),
        required=False,
        help_text=_("Up to nine. Location and device data are removed when they are received."),
    )


class PartyAddForm(AddForm):
    is_shown = forms.BooleanField(
        label=_("Also show the photos to the other party"),
        required=False,
        help_text=_("Otherwise only you and the office see them. Only the office reads your text."),
    )


class AnswerForm(AddForm):
    text = prose(_("Your answer"), rows=6, required=False)


class RateForm(ActForm[Verdict]):
    gives = Verdict

    solved = yes_or_no(_("Is it solved?"), _("Solved"), _("Not solved"))
    stars = forms.TypedChoiceField(
        label=_("How were you treated? (optional)"),
        choices=STARS,
        required=False,
        coerce=int,
        empty_value=None,
        widget=forms.RadioSelect,
    )
    text = prose(_("Your comments on the result"), required=False, max_length=2000)


class RateAnswerForm(RateForm):
    """The answer to a suggestion, which solves no problem."""

    solved = yes_or_no(
        _("Does the answer deal with your suggestion?"),
        _("Yes, it does"),
        _("No, it does not"),
    )
    text = prose(_("Your comments on the answer"), required=False, max_length=2000)


class ReviewForm(ActForm[Why]):
    gives = Why

    note = prose(_("What is wrong with the answer, and what do you want?"), rows=6)


class WithdrawForm(ActForm[Why]):
    gives = Why

    note = prose(_("Why? (optional)"), required=False, max_length=1000)


class RetaliationForm(ActForm[Retaliation]):
    gives = Retaliation

    text = prose(_("What is being done to you, and by whom?"), rows=6)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["text"].widget.attrs["autocomplete"] = "off"
