"""The register of data breaches, for those who keep and audit it."""

from django.urls import path

from bihuan.breaches import views

_ONE = "desk/breaches/<slug:number>"

app_name = "breaches"
urlpatterns = [
    path("desk/breaches/", views.register, name="breaches"),
    path("desk/breaches/new/", views.record, name="record-breach"),
    path(f"{_ONE}/", views.breach, name="breach"),
    path(f"{_ONE}/sheet/", views.sheet, name="breach-sheet"),
    path(f"{_ONE}/notice/", views.notice, name="breach-notice"),
    path(f"{_ONE}/correct/", views.correct, name="correct-breach"),
    path(f"{_ONE}/strike/<int:pk>/", views.strike, name="strike-statement"),
    path(f"{_ONE}/state/<slug:act>/", views.state, name="state-breach"),
]
