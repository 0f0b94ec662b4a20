"""Fields of the public's forms: photos, and offices found by name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.files.base import File
from django.utils.translation import gettext_lazy as _

from bihuan.files import wording as file_words
from bihuan.files.actions import Checked
from bihuan.files.fields import FilesField
from bihuan.files.photos import Photo
from bihuan.files.refusals import FileRefused, Reason
from bihuan.orgs.models import Unit
from bihuan.portal import drafts
from bihuan.portal.queries import offices, places

TRAP = "website"


class PhotosField(FilesField):
    """Photos, without the time and the place at which they were taken; documents on request."""

    takes_documents = False

    def take_documents(self) -> None:
        """Accept documents as well."""
        self.takes_documents = True
        self.label = _("Photos or documents")
        self.help_text = _(
            "Up to nine: photos, PDF or Word (.docx), of them five documents of 10 MB each. "
            "Location and device data are removed from photos. A document is kept as it is, with "
            "its file name, and the name of its author if it contains one."
        )
        self.widget.attrs["accept"] = "image/*,.pdf,.docx"

    def clean(self, data: Any, initial: Any = None) -> list[Checked]:
        checked = super().clean(data, initial)
        if not all(self._fits(each) for each in checked):
            if self.takes_documents:
                raise forms.ValidationError(_("Choose photos, PDF or Word (.docx) files only."))
            raise forms.ValidationError(_("Choose photos only."))
        return [drafts.anonymous(each) for each in checked]

    def _checked(self, upload: File[bytes]) -> Checked:
        checked = super()._checked(upload)
        most, is_photo = drafts.BIGGEST_DOCUMENT, isinstance(checked.content, Photo)
        if not is_photo and len(checked.content.data) > most:
            refusal = FileRefused(Reason.TOO_LARGE, name=checked.name, limit=most)
            raise forms.ValidationError(file_words.explain(refusal), refusal.reason)
        return checked

    def _fits(self, checked: Checked) -> bool:
        if isinstance(checked.content, Photo):
            return True
        return self.takes_documents and checked.content.media_type in drafts.DOCUMENTS


class OfficesField(forms.Field):
    """Offices that were found by name, one or several; rendered by the page itself."""

    widget = forms.MultipleHiddenInput
    hidden_widget = forms.MultipleHiddenInput
    default_error_messages: ClassVar = {
        "required": _("Choose one from the list. If you are not sure, choose the one at the top.")
    }
    is_drawn = True  # so that an error can link to it, though Django treats it as hidden
    on: date  # set by the form

    def to_python(self, value: Any) -> list[Unit]:
        keys = [value] if isinstance(value, str) else list(value or ())
        return self.named(keys)

    def named(self, keys: list[str]) -> list[Unit]:
        return offices.named(keys, self.on)


class AccusedField(OfficesField):
    """The offices complained of: any unit, also one that is not for the public."""

    def named(self, keys: list[str]) -> list[Unit]:
        return offices.named(keys, self.on, every=True)


class PlaceField(OfficesField):
    """The town or village in which it is, or that the person does not know."""

    default_error_messages: ClassVar = {
        "required": _("Choose one from the list, or “I do not know”.")
    }

    def named(self, keys: list[str]) -> list[Unit]:
        return places.named(keys, self.on)


class AddresseeField(PlaceField):
    """The office that a suggestion is for, or that the person does not know."""

    def to_python(self, value: Any) -> list[Unit]:
        keys = [value] if isinstance(value, str) else list(value or ())
        return (
            places.named(keys, self.on) if places.UNKNOWN in keys else offices.named(keys, self.on)
        )


class SeatsField(forms.Field):
    """Posts in the chosen offices, each by its id; rendered by the page itself."""

    widget = forms.MultipleHiddenInput
    hidden_widget = forms.MultipleHiddenInput

    def to_python(self, value: Any) -> list[str]:
        keys: Sequence[str] = [value] if isinstance(value, str) else list(value or ())
        return [str(key) for key in keys]


def with_office(description: str, office: str) -> str:
    """Return the description below an office in the person's own words, which is then read,
    masked and erased together with it.
    """
    named = _("Office complained of, not in the list: %(office)s") % {"office": office}
    return "\n\n".join(filter(None, (named if office else "", description)))
