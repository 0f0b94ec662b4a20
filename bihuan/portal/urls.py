"""The public's pages; and what staff keep up for them, under /desk/."""

from __future__ import annotations

from django.urls import path

from bihuan.portal.views import front

urlpatterns = [
    path("", front.front, name="front"),
]
