"""The organisation as tables."""

from django.urls import path

from bihuan.staffing.views import powers, vacancies, workbook

app_name = "staffing"
urlpatterns = [
    path("desk/organisation/vacancies/", vacancies.vacancies, name="vacancies"),
    path("desk/organisation/vacancies/workbook/", vacancies.as_workbook, name="vacancies-workbook"),
    path("desk/organisation/workbook/", workbook.workbook, name="workbook"),
    path("desk/organisation/workbook/organisation.xlsx", workbook.export, name="export"),
    path("desk/organisation/workbook/confirm/", workbook.confirm, name="confirm"),
    path("desk/organisation/workbook/imported/<slug:number>/", workbook.imported, name="imported"),
    path("desk/organisation/workbook/imported/<slug:number>/slips/", workbook.slips, name="slips"),
    path("desk/organisation/powers/<str:username>/", powers.of_officer, name="powers"),
    path("desk/account/powers/", powers.own, name="own-powers"),
]
