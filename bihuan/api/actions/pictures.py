"""Pictures that reports link to: fetched by the worker, checked and stripped."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.db.models import F
from django.utils.crypto import salted_hmac

from bihuan.api import fetching
from bihuan.api.fetching import INTERNET, Forbidden, Network, Unreachable
from bihuan.api.models import Picture
from bihuan.core.refusal import Refusal
from bihuan.files import actions as files
from bihuan.files.actions import Checked
from bihuan.files.photos import Photo
from bihuan.files.refusals import FileRefused, Reason
from bihuan.receipts.actions import public

AT_ONCE = 4
# How long a claimed picture belongs to one worker before it counts as lost.
CLAIMED = timedelta(minutes=10)
RETRY = (timedelta(minutes=1), timedelta(minutes=15), timedelta(hours=2), timedelta(hours=12))


def fetch_waiting(*, now: datetime, network: Network = INTERNET) -> Mapping[str, int]:
    """Fetch a few of the waiting pictures; a failure does not affect the others."""
    waiting = Picture.objects.filter(next_at__lte=now).order_by("next_at", "pk")[:AT_ONCE]
    return {"pictures": sum(_fetched(picture, now, network) for picture in waiting)}


def photo(upload: File[bytes]) -> Checked:
    """Return a checked and stripped picture; documents are refused."""
    checked = files.check(upload)
    if not isinstance(checked.content, Photo):
        raise FileRefused(Reason.WRONG_TYPE, name=checked.name)
    return checked


def _fetched(picture: Picture, now: datetime, network: Network) -> bool:
    """Claim a picture, fetch it, and add it to the case as a later addition by the sender."""
    mine = Picture.objects.filter(pk=picture.pk, next_at=picture.next_at)
    if not mine.update(next_at=now + CLAIMED, tries=F("tries") + 1):
        return False
    try:
        data = fetching.fetch(
            picture.url,
            hosts=settings.OPEN311_MEDIA_HOSTS,
            most=settings.PHOTO_MAX_BYTES,
            network=network,
        )
        _add(picture, photo(ContentFile(data, name="picture")), now)
    except Unreachable:
        _put_off(picture, now)
    except Forbidden:
        _end(picture, Picture.Problem.FORBIDDEN)
    except Refusal:
        _end(picture, Picture.Problem.REFUSED)
    else:
        _end(picture)
        return True
    return False


def _add(picture: Picture, checked: Checked, now: datetime) -> None:
    case = picture.arrival.case
    once = salted_hmac("bihuan.api.picture", str(picture.pk), algorithm="sha256").hexdigest()
    public.add(case=case, text="", now=now, form_key=once, photos=[checked])


def _put_off(picture: Picture, now: datetime) -> None:
    if picture.tries >= len(RETRY):
        _end(picture, Picture.Problem.UNREACHABLE)
    else:
        Picture.objects.filter(pk=picture.pk).update(next_at=now + RETRY[picture.tries])


def _end(picture: Picture, problem: str = "") -> None:
    Picture.objects.filter(pk=picture.pk).update(url="", next_at=None, problem=problem)
