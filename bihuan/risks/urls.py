"""The register of risks, one risk, its controls and their checks."""

from django.urls import path

from bihuan.risks.views import controls, grading, register, risk

app_name = "risks"
urlpatterns = [
    path("desk/risks/", register.register, name="risks"),
    path("desk/risks/print/", register.sheet, name="sheet"),
    path("desk/risks/export/", register.export, name="export"),
    path("desk/risks/by-unit/", register.by_unit, name="by-unit"),
    path("desk/sites/<int:pk>/risks/add/", risk.add, name="add"),
    path("desk/risks/<int:pk>/", risk.risk, name="risk"),
    path("desk/risks/<int:pk>/change/", risk.change, name="change"),
    path("desk/risks/<int:pk>/retire/", risk.retire, name="retire"),
    path("desk/risks/<int:pk>/reopen/", risk.reopen, name="reopen"),
    path("desk/risks/<int:pk>/regrade/", grading.regrade, name="regrade"),
    path("desk/risks/lower-grades/<int:pk>/", grading.decide, name="decide"),
    path("desk/risks/<int:pk>/controls/add/", controls.add, name="add-control"),
    path("desk/risks/controls/<int:pk>/", controls.change, name="change-control"),
    path("desk/risks/controls/<int:pk>/end/", controls.end, name="end-control"),
    path("desk/risks/controls/<int:pk>/check/", controls.check, name="check"),
]
