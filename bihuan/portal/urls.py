"""The public's pages; and what staff keep up for them, under /desk/."""

from __future__ import annotations

from django.urls import path

from bihuan.portal.views import front, report, track

urlpatterns = [
    path("", front.front, name="front"),
    path("report/", report.choose, name="report"),
    path("report/<slug:matter>/", report.report, name="report-form"),
    path("track/", track.enter, name="track"),
    path("track/leave/", track.leave, name="track-leave"),
    path("track/case/", track.case, name="track-case"),
    path("track/case/answer/<int:question>/", track.answer, name="track-answer"),
    path("track/case/party/", track.party, name="track-party"),
    path("track/case/<slug:name>/", track.act, name="track-act"),
    path("track/photo/<int:pk>/", track.photo, name="track-photo"),
]
