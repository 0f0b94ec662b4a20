"""The form of the end: the result, and how each side signs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bihuan.core.inspection import Method, Side
from bihuan.core.strokes import LONGEST
from bihuan.inspections.actions.ending import LONGEST_NAME, Signed
from bihuan.inspections.models import Signature
from bihuan.orgs.models import Post
from bihuan.orgs.naming import seat_of
from bihuan.web.fields import line, prose


class DrawingField(forms.CharField):
    """Lines that were drawn on the screen."""

    widget = forms.HiddenInput
    is_drawn = True

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=LONGEST, required=False, **options)


class EndForm(forms.Form):
    """What the record says of the result, and both signatures."""

    result = prose(
        _("Result"),
        rows=3,
        help_text=_("For example: what must be put right by when. Do not name people."),
    )
    own_way = forms.ChoiceField(
        label=pgettext_lazy("an inspector", "How you sign"),
        choices=[each for each in Signature.Method.choices if each[0] != Method.REFUSED],
        initial=Method.DRAWN,
        widget=forms.RadioSelect,
    )
    own_drawing = DrawingField(label=_("Your signature"))
    site_way = forms.ChoiceField(
        label=_("How the site's side signs"),
        choices=Signature.Method.choices,
        initial=Method.DRAWN,
        widget=forms.RadioSelect,
    )
    site_name = line(
        _("Name of the person who signs for the site"),
        length=LONGEST_NAME,
        required=False,
        help_text=_("Only in this record: it is not searched or exported, and is erased later."),
    )
    site_drawing = DrawingField(label=_("Signature of the site's side"))
    refusal = prose(_("Why the site's side refused to sign"), rows=2, required=False)
    witness = forms.TypedChoiceField(
        label=_("Who witnessed the refusal"), required=False, empty_value=None
    )

    def __init__(
        self, *args: Any, own: Post, others: Sequence[Post], witnesses: Iterable[Post], **kw: Any
    ) -> None:
        super().__init__(*args, **kw)
        self.own, self.others = own, others
        by_key = {str(post.pk): post for post in witnesses}
        witness = self.fields["witness"]
        assert isinstance(witness, forms.TypedChoiceField)
        witness.choices = [
            ("", _("Choose a post")),
            *((key, seat_of(post)) for key, post in by_key.items()),
        ]
        witness.coerce = by_key.__getitem__
        for post in others:
            self.fields[f"other_{post.pk}"] = DrawingField(label=seat_of(post))

    @property
    def other_fields(self) -> list[forms.BoundField]:
        """The signatures of the other posts that inspect; they may also sign the sheet."""
        return [self[f"other_{post.pk}"] for post in self.others]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = self.cleaned_data
        needed = {"own_drawing": data.get("own_way") == Method.DRAWN}
        way = data.get("site_way")
        needed |= {"site_drawing": way == Method.DRAWN, "site_name": way == Method.DRAWN}
        needed |= {"refusal": way == Method.REFUSED, "witness": way == Method.REFUSED}
        for name, is_needed in needed.items():
            if is_needed and not data.get(name) and name not in self.errors:
                self.add_error(name, MISSING[name])
        return data

    def signatures(self) -> list[Signed]:
        data, way = self.cleaned_data, Method(self.cleaned_data["site_way"])
        drawn = [
            Signed(Side.INSPECTOR, Method.DRAWN, post, drawing=data[f"other_{post.pk}"])
            for post in self.others
            if data[f"other_{post.pk}"]
        ]
        is_refused = way is Method.REFUSED
        return [
            Signed(Side.INSPECTOR, Method(data["own_way"]), self.own, drawing=data["own_drawing"]),
            *drawn,
            Signed(
                Side.SITE,
                way,
                name="" if is_refused else data["site_name"],
                drawing=data["site_drawing"],
                reason=data["refusal"] if is_refused else "",
                witness=data["witness"] if is_refused else None,
            ),
        ]


MISSING = {
    "own_drawing": _("The signature of the inspector is missing."),
    "site_drawing": _("The signature of the site's side is missing."),
    "site_name": _("Enter the name of the person who signs for the site."),
    "refusal": _("Enter why the site's side refused to sign."),
    "witness": _("Choose who witnessed the refusal."),
}
