"""The keys with which anyone can check a receipt, here or elsewhere."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from bihuan.receipts import slips
from bihuan.receipts.queries import receipt_keys


@login_not_required
@require_safe
@cache_control(public=True, max_age=3600)
def keys(request: HttpRequest) -> JsonResponse:
    published = slips.published(receipt_keys.every())
    return JsonResponse(published, content_type="application/jwk-set+json")
