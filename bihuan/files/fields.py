"""The form field for photos and documents."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.core.files.base import File
from django.utils.translation import gettext_lazy as _

from bihuan.core.resent import mark_of
from bihuan.files import actions as files
from bihuan.files import wording as file_words
from bihuan.files.actions import Checked
from bihuan.files.refusals import FileRefused, Reason

PHOTOS = "image/*"
PHOTOS_AND_DOCUMENTS = "image/*,.pdf,.docx,.xlsx,.odt,.ods"
AT_MOST = 9


class ManyFiles(forms.ClearableFileInput):
    """A file input for several files; on a phone it offers the camera."""

    allow_multiple_selected = True
    template_name = "files/choose.html"


class FilesField(forms.FileField):
    """Photos or documents, each checked and stripped before anything is stored."""

    def __init__(self, *, accept: str = PHOTOS, **options: Any) -> None:
        widget = ManyFiles(attrs={"accept": accept, "multiple": True})
        super().__init__(widget=widget, **options)

    def clean(self, data: Any, initial: Any = None) -> list[Checked]:
        uploads: Sequence[File[bytes]] = [upload for upload in data or () if upload]
        if self.required and not uploads:
            raise forms.ValidationError(_("Choose at least one file."))
        if len(uploads) > AT_MOST:
            raise forms.ValidationError(_("At most %(n)d files at a time.") % {"n": AT_MOST})
        return [self._checked(upload) for upload in uploads]

    def _checked(self, upload: File[bytes]) -> Checked:
        try:
            return files.check(upload)
        except FileRefused as refusal:
            raise forms.ValidationError(file_words.explain(refusal), refusal.reason) from refusal


def is_busy(form: forms.Form) -> bool:
    """Whether photos were not processed because of too many others: the response is a 503."""
    return any(form.has_error(name, Reason.BUSY) for name in form.fields)


def sent_key(form: forms.Form, photos: Iterable[Checked] = ()) -> UUID:
    """Return the identity of a form that creates a case: its key together with its content.

    After Back, a browser shows the form with its old key. Sent unchanged it creates nothing new;
    sent with other content it creates another case, instead of losing the content.
    """
    fields = (f"{name}={form[name].data}" for name in form.fields if name != "photos")
    return mark_of(*fields, *(photo.sha256 for photo in photos))
