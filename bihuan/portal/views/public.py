"""What every public page is: open to anybody, and nothing that a cache may keep."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def public(view: View) -> View:
    """Open to anybody; its forms carry signed keys, so no cookie has to tell them apart.

    Django's own protection would give every visitor a lasting cookie. There is nothing here that
    another site could do in a visitor's name: a report is made in nobody's name, and what is done
    to a case needs a key that was made for the holder of its code (`bihuan.portal.tokens`).
    """
    opened: View = login_not_required(csrf_exempt(never_cache(view)))
    return opened
