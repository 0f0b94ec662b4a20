"""Addresses of plans, rounds and draws."""

from django.urls import path

from bihuan.plans.views import draws, plans, rounds

app_name = "plans"

urlpatterns = [
    path("desk/plans/", plans.plans, name="plans"),
    path("desk/plans/new/", plans.new, name="new-plan"),
    path("desk/plans/<int:pk>/", plans.plan, name="plan"),
    path("desk/plans/<int:pk>/change/", plans.change, name="change-plan"),
    path("desk/plans/<int:pk>/stop/", plans.stop, name="stop-plan"),
    path("desk/rounds/<int:pk>/", rounds.round_, name="round"),
    path("desk/planned/<int:pk>/begin/", rounds.begin, name="begin-planned"),
    path("desk/planned/<int:pk>/call-off/", rounds.call_off, name="call-off-planned"),
    path("desk/planned/<int:pk>/give/", rounds.give, name="give-planned"),
    path("desk/reviews/<int:pk>/", rounds.judge, name="judge"),
    path("desk/reviews/<int:pk>/call-off/", rounds.call_off_review, name="call-off-review"),
    path("desk/draws/", draws.draws, name="draws"),
    path("desk/draws/new/", draws.open_draw, name="open-draw"),
    path("desk/draws/<int:pk>/", draws.draw, name="draw"),
    path("desk/draws/<int:pk>/declare/", draws.declare, name="declare-conflict"),
    path("desk/draws/<int:pk>/draw/", draws.conduct, name="conduct-draw"),
    path("desk/draws/<int:pk>/cancel/", draws.cancel, name="cancel-draw"),
    path("desk/draws/<int:pk>/repeat/", draws.repeat, name="repeat-draw"),
    path("desk/draws/<int:pk>/export/", draws.export, name="export-draw"),
]
