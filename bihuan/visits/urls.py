"""Sites bound to posts, and visits to them."""

from django.urls import path

from bihuan.visits.views import (
    binding,
    exporting,
    grouping,
    inviting,
    lists,
    mine,
    operators,
    submissions,
    visiting,
)

_USERS = "desk/visits/sites/<int:pk>/users"

app_name = "visits"
urlpatterns = [
    path("desk/visits/mine/", mine.mine, name="mine"),
    path("desk/visits/", lists.coverage, name="coverage"),
    path("desk/visits/bound/", lists.bound, name="bound"),
    path("desk/visits/bound.xlsx", exporting.bound, name="bound-workbook"),
    path("desk/visits/unbound/", lists.unbound, name="unbound"),
    path("desk/visits/unbound.xlsx", exporting.unbound, name="unbound-workbook"),
    path("desk/visits/posts/", lists.posts, name="posts"),
    path("desk/visits/bind/", binding.bind_many, name="bind-many"),
    path("desk/visits/bind/<uuid:batch>/undo/", binding.undo, name="undo-binding"),
    path("desk/visits/groups/", grouping.groups, name="groups"),
    path("desk/visits/groups/add/<int:unit>/", grouping.add, name="add-group"),
    path("desk/visits/groups/<int:pk>/", grouping.change, name="change-group"),
    path("desk/visits/groups/<int:pk>/dissolve/", grouping.dissolve, name="dissolve-group"),
    path("desk/visits/sites/<int:pk>/bind/", binding.bind, name="bind"),
    path("desk/visits/sites/<int:pk>/history/", lists.history, name="history"),
    path("desk/visits/bindings/<int:pk>/end/", binding.unbind, name="unbind"),
    path("desk/visits/mine/<int:pk>/record/", visiting.record, name="record"),
    path("desk/visits/mine/<int:pk>/in-order/", visiting.in_order, name="in-order"),
    path("desk/visits/submissions/", submissions.waiting, name="submissions"),
    path("desk/visits/submissions/<int:pk>/", submissions.submission, name="submission"),
    path("desk/visits/submissions/<int:pk>/accept/", submissions.accept, name="accept-paper"),
    path("desk/visits/submissions/<int:pk>/refuse/", submissions.refuse, name="refuse-paper"),
    path(f"{_USERS}/", inviting.users, name="operator-users"),
    path(f"{_USERS}/invite/", inviting.invite, name="invite-operator"),
    path(f"{_USERS}/issued/<slug:number>/", inviting.shown, name="operator-issued"),
    path(f"{_USERS}/<str:username>/password/", inviting.reset, name="operator-password"),
    path(f"{_USERS}/<str:username>/end/", inviting.end, name="end-operator"),
    path("desk/my-sites/", operators.home, name="operated"),
    path("desk/my-sites/<int:pk>/", operators.site, name="operated-site"),
    path("desk/my-sites/<int:pk>/papers/submit/", operators.submit, name="submit-paper"),
    path("desk/my-sites/papers/<int:pk>/withdraw/", operators.withdraw, name="take-back-paper"),
    path("desk/visits/<int:pk>/", visiting.visit, name="visit"),
    path("desk/visits/<int:pk>/withdraw/", visiting.withdraw, name="withdraw"),
]
