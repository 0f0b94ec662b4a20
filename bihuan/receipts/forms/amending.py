"""The form for deciding a request to correct or erase."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bihuan.core.amending import AmendmentOutcome, Basis
from bihuan.receipts.models import Amendment
from bihuan.receipts.wording import amending
from bihuan.web.fields import prose


class DecideAmendmentForm(forms.Form):
    """Whether an item that a reporter submitted is corrected or erased, and if not, why."""

    outcome = forms.ChoiceField(
        label=pgettext_lazy("amendment", "Decision"), widget=forms.RadioSelect
    )
    left = prose(_("Partly granted: remaining text"), rows=6, required=False, max_length=20_000)
    answer = prose(
        _("Reason"),
        help_text=_(
            "The reporter sees it. Required if anything is refused; do not repeat text to be "
            "erased."
        ),
        required=False,
        max_length=2000,
    )
    basis = forms.ChoiceField(
        label=_("Basis"),
        required=False,
        help_text=_("Required if anything is refused. The reporter sees the article."),
    )
    is_sure = forms.BooleanField(
        label=_("I have read the text. Erased or replaced text cannot be restored."),
        required=False,
    )

    def __init__(
        self, data: Any = None, *, given: Amendment, words: str, is_held: bool = False
    ) -> None:
        """A photo cannot be kept in part; only the text itself is prefilled.

        On hold as evidence, everything is kept.
        """
        outcomes = list(Amendment.Outcome.choices)
        super().__init__(data, initial={"left": words})
        if is_held:
            outcomes = [each for each in outcomes if each[0] == Amendment.Outcome.REFUSED]
            self.initial = {"outcome": Amendment.Outcome.REFUSED, "basis": Basis.HELD.value}
            del self.fields["left"], self.fields["is_sure"]
        elif not words:
            outcomes = [each for each in outcomes if each[0] != Amendment.Outcome.PARTLY]
            del self.fields["left"]
        elif given.wants == Amendment.Wants.ERASE:
            self.fields["left"].help_text = _("Put ××× in place of removed words.")
        else:
            self.fields["left"].help_text = _(
                "Use only whole sentences of the earlier or the corrected text, not your own words."
            )
        self.fields["outcome"].choices = outcomes  # type: ignore[attr-defined]
        bases = [
            (each.value, label)
            for each, label in amending.BASES.items()
            if is_held or each is not Basis.HELD
        ]
        self.fields["basis"].choices = [("", "—"), *bases]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if (
            "is_sure" in self.fields
            and data.get("outcome") not in ("", None, Amendment.Outcome.REFUSED)
            and not data["is_sure"]
        ):
            self.add_error("is_sure", _("Tick this to continue."))
        return data

    def arguments(self) -> dict[str, Any]:
        data = {name: value for name, value in self.cleaned_data.items() if name != "is_sure"}
        return {**data, "outcome": AmendmentOutcome(data["outcome"])}
