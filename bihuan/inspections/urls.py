"""Inspections: the register, their course, and what their pages send."""

from django.urls import path

from bihuan.inspections.views import course, ending, failed, register, sending, walking

_ONE = "desk/inspections/<int:pk>"

app_name = "inspections"
urlpatterns = [
    path("desk/inspections/", register.register, name="inspections"),
    path("desk/inspections/export/", register.export, name="export"),
    path("desk/inspections/begin/<int:site>/", course.begin, name="begin"),
    path(f"{_ONE}/", register.inspection, name="inspection"),
    path(f"{_ONE}/start/", course.start, name="start"),
    path(f"{_ONE}/abandon/", course.abandon, name="abandon"),
    path(f"{_ONE}/walk/", walking.walk, name="walk"),
    path(f"{_ONE}/answer/", sending.answer, name="answer"),
    path(f"{_ONE}/state/", sending.state, name="state"),
    path(f"{_ONE}/photo/", sending.add_photo, name="add-photo"),
    path(f"{_ONE}/photo/<int:photo>/", sending.photo, name="photo"),
    path(f"{_ONE}/photo/<int:photo>/remove/", sending.remove_photo, name="remove-photo"),
    path(f"{_ONE}/failed/", failed.failed, name="failed"),
    path(f"{_ONE}/failed/<int:settlement>/withdraw/", failed.withdraw, name="withdraw"),
    path(f"{_ONE}/end/", ending.end, name="end"),
    path(f"{_ONE}/sheet/", ending.sheet, name="sheet"),
]
