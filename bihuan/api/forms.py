"""Forms for requests of other systems, and for the administration of keys."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.files.base import File
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bihuan import languages
from bihuan.api.actions import pictures
from bihuan.api.actions.receiving import Report
from bihuan.api.catalogue import Service, attributes
from bihuan.api.queries import CLOSED, OPEN, Wanted
from bihuan.api.writing import plain
from bihuan.core import places
from bihuan.core.places import Point
from bihuan.files import wording as file_words
from bihuan.files.actions import Checked
from bihuan.files.fields import FilesField
from bihuan.files.refusals import FileRefused
from bihuan.orgs.forms import UnitField
from bihuan.orgs.models import Unit
from bihuan.receipts.accounts import Identity

SPAN = timedelta(days=90)
URLS = 5
_ATTRIBUTE = re.compile(r"attribute\[(?P<code>[^\]]+)\](\[\])?")
_HAN = re.compile("[\u4e00-\u9fff]")
# Different names of some fields in GeoReport.
CALLED = {"call_me": "phone", "write_me": "email", "photos": "media"}


def _line(length: int) -> forms.CharField:
    return forms.CharField(max_length=length, required=False)


class PicturesField(FilesField):
    """Pictures only: documents are not photos of a hazard."""

    def _checked(self, upload: File[bytes]) -> Checked:
        try:
            return pictures.photo(upload)
        except FileRefused as refusal:
            raise forms.ValidationError(file_words.explain(refusal), refusal.reason) from refusal


class ReportForm(forms.Form):
    """The body of POST requests. The sender's identity is sealed; the device id is not read."""

    lat = forms.FloatField(required=False, min_value=-90, max_value=90)
    long = forms.FloatField(required=False, min_value=-180, max_value=180)
    address_string = _line(200)
    address_id = _line(80)
    zipcode = _line(20)
    description = _line(4000)
    first_name = _line(60)
    last_name = _line(60)
    call_me = _line(60)
    write_me = _line(200)
    photos = PicturesField(required=False)

    def __init__(
        self, form_data: QueryDict, files: MultiValueDict[str, Any], *, service: Service
    ) -> None:
        data = {name: plain(form_data.get(CALLED.get(name, name), "")) for name in self.base_fields}
        super().__init__(data, MultiValueDict({"photos": files.getlist("media")}))
        self.service = service
        self.point: Point | None = None
        self.asked = dict(_attributes(form_data))
        self.urls = [url.strip() for url in form_data.getlist("media_url") if url.strip()][:URLS]

    def clean(self) -> None:
        given = self.cleaned_data
        if (given.get("lat") is None) is not (given.get("long") is None):
            raise forms.ValidationError(_("lat, long: send both, or an address."))
        self.point = places.given(given.get("lat"), given.get("long"))
        names_place = any(
            given.get(name) or name in self.errors for name in ("address_string", "address_id")
        )
        if self.point is None and not names_place:
            raise forms.ValidationError(
                _("The location is missing: send lat and long, address_string or address_id.")
            )

    def report(self) -> Report:
        """Return the report for the action."""
        given, asked = self.cleaned_data, self.asked
        known = [each for each in attributes(self.service.kind) if each.code in asked]
        return Report(
            service=self.service,
            words=given["description"],
            place=given["address_string"] or given["address_id"] or self._coordinates(),
            point=self.point,
            address_id=given["address_id"],
            zipcode=given["zipcode"],
            answers={languages.of(each.text): each.answered(asked[each.code]) for each in known},
            may_publish=asked.get("PUBLISH") == ["yes"],
            identity=Identity(
                name=_full_name(given["first_name"], given["last_name"]),
                phone=given["call_me"],
                email=given["write_me"],
            ),
            photos=given["photos"],
            urls=self.urls,
        )

    def _coordinates(self) -> str:
        """Return coordinates as a place that has no other name."""
        return f"{self.point.latitude:.5f}, {self.point.longitude:.5f}" if self.point else ""


def lines(form: forms.Form) -> Iterator[str]:
    """Return the errors, each with the field's GeoReport name."""
    for name, errors in form.errors.items():
        called = "" if name == "__all__" else f"{CALLED.get(name, name)}: "
        yield from (f"{called}{error}" for error in errors)


def _attributes(data: QueryDict) -> Iterator[tuple[str, list[str]]]:
    """Return the answers to the service definition: `attribute[CODE]=…`, repeated or with `[]`."""
    for name, values in data.lists():
        if match := _ATTRIBUTE.fullmatch(name):
            answers = [plain(value).strip()[:400] for value in values]
            if any(answers):
                yield match["code"], list(filter(None, answers))


def _full_name(first: str, last: str) -> str:
    """Join the names; in Chinese the family name comes first, without a space."""
    if _HAN.search(first + last):
        return f"{last}{first}"
    return f"{first} {last}".strip()


# -------------------------------------------------------------------- questions
class InstantField(forms.CharField):
    """An instant in the W3 format, with its zone; a date starts at local midnight."""

    default_error_messages = {
        "instant": _("Use the format 2026-09-01T00:00:00+08:00, with the time zone.")
    }

    def clean(self, value: Any) -> datetime | None:
        # An unescaped plus in a URL has become a space.
        written = super().clean(value).replace(" ", "+")
        if not written:
            return None
        try:
            instant = _instant(written)
        except ValueError as error:
            raise self._unreadable() from error
        if instant.tzinfo is None or not 1900 <= instant.year < 9000:
            raise self._unreadable()
        return instant

    def _unreadable(self) -> forms.ValidationError:
        return forms.ValidationError(self.error_messages["instant"], code="instant")


def _instant(written: str) -> datetime:
    if len(written) == len("2026-09-01"):
        return datetime.combine(date.fromisoformat(written), time.min, get_default_timezone())
    return datetime.fromisoformat(written)


class ListField(forms.CharField):
    """Several values separated by commas."""

    def clean(self, value: Any) -> list[str]:
        return [part.strip() for part in super().clean(value).split(",") if part.strip()]


class WantedForm(forms.Form):
    """The parameters of GET requests."""

    service_request_id = ListField(required=False, max_length=40_000)
    service_code = ListField(required=False, max_length=4_000)
    start_date = InstantField(required=False)
    end_date = InstantField(required=False)
    status = ListField(required=False, max_length=40)

    def __init__(self, data: QueryDict, *, now: datetime) -> None:
        super().__init__({name: plain(data.get(name, "")) for name in self.base_fields})
        self.now = now

    def clean_status(self) -> list[str]:
        statuses: list[str] = self.cleaned_data["status"]
        if not {OPEN, CLOSED} >= set(statuses):
            raise forms.ValidationError(_("Must be open or closed."))
        return statuses

    def clean(self) -> None:
        """Complete the requested period, which may span ninety days."""
        start, end = self.cleaned_data.get("start_date"), self.cleaned_data.get("end_date")
        if start is None:
            start = (end or self.now) - SPAN
        elif end is None:
            end = min(max(self.now, start), start + SPAN)
        end = end or self.now
        if end < start:
            raise forms.ValidationError(_("start_date, end_date: the end is before the start."))
        if end - start > SPAN:
            raise forms.ValidationError(_("start_date, end_date: request at most 90 days."))
        self.start, self.end = start, end

    def wanted(self) -> Wanted:
        given = self.cleaned_data
        return Wanted(
            self.start, self.end, frozenset(given["service_code"]), frozenset(given["status"])
        )


# ------------------------------------------------------------------------ keys
class KeyForm(forms.Form):
    """The system that a key is for, and the unit that its reports go to."""

    name = forms.CharField(
        label=pgettext_lazy("system", "Name"),
        max_length=80,
        help_text=_("The system that sends reports with this key, such as the city's app."),
    )
    unit = UnitField(
        label=_("Unit that receives the reports"),
        help_text=_("This unit coordinates cases that arrive with the key."),
    )

    def __init__(self, *args: Any, units: Iterable[Unit], **options: Any) -> None:
        super().__init__(*args, **options)
        unit = self.fields["unit"]
        assert isinstance(unit, UnitField)
        unit.offer(units)


class EndKeyForm(forms.Form):
    """Why a key is revoked."""

    reason = forms.CharField(label=_("Reason"), max_length=200)
