"""The public's pages; and those for staff who maintain them, under /desk/."""

from __future__ import annotations

from django.urls import path

from bihuan.portal.views import (
    at_desk,
    figures,
    front,
    outlets,
    place_names,
    privacy,
    publications,
    receipt,
    receptions,
    renewing,
    report,
    track,
)

app_name = "portal"
urlpatterns = [
    path("", front.front, name="front"),
    path("report/", report.choose, name="report"),
    path("report/<slug:matter>/", report.report, name="report-form"),
    path("report/<slug:matter>/<slug:name>/<slug:step>/", report.step, name="report-step"),
    path("receipt/", receipt.shown, name="receipt"),
    path("track/", track.enter, name="track"),
    path("track/leave/", track.leave, name="track-leave"),
    path("track/renew/", renewing.renew, name="track-renew"),
    path("track/case/", track.case, name="track-case"),
    path("track/case/kept/", privacy.kept, name="track-kept"),
    path("track/case/answer/<int:question>/", track.answer, name="track-answer"),
    path("track/case/party/", track.party, name="track-party"),
    path("track/case/<slug:name>/", track.act, name="track-act"),
    path("track/photo/<int:pk>/", track.photo, name="track-photo"),
    path("privacy/", privacy.privacy, name="privacy"),
    path("where/", outlets.where, name="where"),
    path("reception/", receptions.coming, name="receptions"),
    path("reception/mine/", receptions.mine, name="my-slot"),
    path("reception/<int:pk>/<slug:at>/", receptions.book, name="book-slot"),
    path("open/", publications.answers, name="open"),
    path("open/figures/", figures.by_unit, name="figures"),
    path("open/figures.csv", figures.download, name="figures-csv"),
    path("open/<int:pk>/", publications.answer, name="open-answer"),
    path("near/", publications.near, name="near"),
    path("near/<int:pk>/me-too/", publications.me_too, name="me-too"),
    path("desk/outlets/", outlets.listing, name="outlets"),
    path("desk/outlets/add/", outlets.add, name="add-outlet"),
    path("desk/outlets/<int:pk>/", outlets.change, name="change-outlet"),
    path("desk/places/", place_names.listing, name="places"),
    path("desk/places/<int:pk>/", place_names.change, name="change-places"),
    path("desk/receptions/", receptions.planned, name="planned-receptions"),
    path("desk/receptions/plan/", receptions.plan, name="plan-receptions"),
    path("desk/receptions/<int:pk>/cancel/", receptions.cancel, name="cancel-reception"),
    path("desk/receptions/<int:pk>/sheet/", receptions.sheet, name="reception-sheet"),
    path("desk/with-code/", at_desk.enter, name="with-code"),
    path("desk/with-code/case/", at_desk.case, name="with-code-case"),
    path("desk/with-code/replace/", at_desk.replace, name="with-code-replace"),
    path("desk/with-code/leave/", at_desk.leave, name="with-code-leave"),
    path("desk/with-code/case/<slug:name>/", at_desk.act, name="with-code-act"),
    path("desk/satisfaction/", figures.satisfaction, name="satisfaction"),
]
