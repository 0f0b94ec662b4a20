"""What the pages of this app share."""

from __future__ import annotations

from datetime import date
from io import BytesIO

from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.files.views import workbook
from bihuan.orgs.views.pages import Crumb


def crumbs() -> list[Crumb]:
    return [(_("Organisation"), reverse("orgs:organisation"))]


def workbook_response(out: BytesIO, name: str, on: date) -> HttpResponseBase:
    """Send the workbook as a download, named after its content and the day."""
    out.seek(0)
    return workbook(out, f"{name} {on.isoformat()}")
