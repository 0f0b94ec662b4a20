"""Forms of the second step and of the pages about second factors."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bihuan.factors.refusals import PasskeyRefused
from bihuan.orgs.forms import WordsField

LONGEST_ANSWER = 20_000


def _code(label: Any, **options: Any) -> forms.CharField:
    widget = forms.TextInput(
        attrs={
            "autocomplete": "one-time-code",
            "inputmode": options.pop("inputmode", "text"),
            "autocapitalize": "none",
            "spellcheck": "false",
            "data-no-draft": True,
        }
    )
    return forms.CharField(label=label, max_length=40, widget=widget, **options)


def _proof() -> forms.CharField:
    return forms.CharField(
        label=_("Your password, or a code"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text=_("Prevents other people from changing this at your desk."),
    )


class SecondStepForm(forms.Form):
    """A code of the app, or a recovery code."""

    code = _code(
        _("Code of the second step"),
        help_text=_("The six digits that your app shows now, or a recovery code from paper."),
    )

    def __init__(self, *args: Any, has_app: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not has_app:
            field = self.fields["code"]
            field.label = _("Recovery code")
            field.help_text = _("One of the codes you printed or wrote down.")


class PasskeyForm(forms.Form):
    """Filled in by a script: the answer of the browser."""

    answer = forms.CharField(max_length=LONGEST_ANSWER, widget=forms.HiddenInput())

    def said(self) -> dict[str, Any]:
        """Return the browser's answer; raise `PasskeyRefused` if it is not valid JSON."""
        try:
            answer = json.loads(self.cleaned_data["answer"])
        except (ValueError, RecursionError) as error:
            raise PasskeyRefused from error
        if not isinstance(answer, dict):
            raise PasskeyRefused
        return answer


class FirstAppForm(forms.Form):
    """The first code, which proves that the app has the key."""

    code = _code(_("Code that the app shows now"), inputmode="numeric", help_text=_("Six digits."))


class AppForm(FirstAppForm):
    """The same for a signed-in officer, who proves their identity again."""

    proof = _proof()


class FirstPasskeyForm(PasskeyForm):
    """A passkey, and the name that its owner gives it."""

    name = WordsField(
        label=pgettext_lazy("passkey", "Name"),
        max_length=60,
        help_text=_("For example “office computer” or “blue key”."),
    )


class NewPasskeyForm(FirstPasskeyForm):
    """The same for a signed-in officer, who proves their identity again."""

    proof = _proof()


class ProofForm(forms.Form):
    """Prove one's identity again."""

    proof = _proof()


class SubjectForm(forms.Form):
    """The subject of the identity provider by which an officer signs in."""

    subject = forms.CharField(
        label=_("Subject (sub)"),
        max_length=255,
        required=False,
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
        help_text=_(
            "Exactly as in the sign-in service; not the name or the mail address. Leave empty to "
            "remove it."
        ),
    )


class RemovalForm(forms.Form):
    """Why a factor is to be removed, and how the administrator verified the officer's identity."""

    reason = WordsField(
        label=_("Reason"),
        max_length=200,
        help_text=_(
            "What was lost, and how you confirmed that the request comes from the officer."
        ),
    )
