"""What is wrong with a field: Django's messages name neither the field nor what to do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Complaint:
    """One error of a field, and whether it names the field itself."""

    text: str
    names_field: bool


def of(field: BoundField) -> Iterator[Complaint]:
    """Return the errors of a field; missing and unreadable values are worded here."""
    for error in field.form.errors.as_data().get(field.name, ()):
        own = _own(field, error)
        for message in error.messages:
            yield Complaint(own or message, bool(own))


def _own(field: BoundField, error: ValidationError) -> str:
    words = {"field": field.label}
    if _is_standard(field, error, "required"):
        return _missing(field) % words
    if _is_standard(field, error, "invalid"):
        return _unreadable(field) % words
    return ""


def _is_standard(field: BoundField, error: ValidationError, code: str) -> bool:
    """Whether the message is Django's, and not of the field or its class."""
    for kind in type(field.field).__mro__:
        if code in (messages := vars(kind).get("default_error_messages", {})):
            is_django = kind.__module__.startswith("django.")
            return is_django and error.code == code and str(error.message) == str(messages[code])
    return False


def _missing(field: BoundField) -> str:
    match field.field.widget:
        case forms.CheckboxInput():
            return _("Tick “%(field)s”.")
        case forms.FileInput():
            return _("Choose a file for “%(field)s”.")
        case forms.Select() | forms.RadioSelect() | forms.CheckboxSelectMultiple():
            return _("Choose an answer for “%(field)s”.")
    return _("Fill in “%(field)s”.")


def _unreadable(field: BoundField) -> str:
    match field.field:
        case forms.DateField() | forms.DateTimeField() | forms.TimeField():
            return _("“%(field)s” is not a valid date or time.")
        case forms.IntegerField() | forms.DecimalField() | forms.FloatField():
            return _("“%(field)s” is not a number.")
    return ""
