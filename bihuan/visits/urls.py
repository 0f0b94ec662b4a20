"""Sites bound to posts, and visits to them."""

from django.urls import path

from bihuan.visits.views import binding, exporting, grouping, lists, mine, visiting

app_name = "visits"
urlpatterns = [
    path("desk/visits/", mine.mine, name="mine"),
    path("desk/visits/coverage/", lists.coverage, name="coverage"),
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
    path("desk/visits/bindings/<int:pk>/record/", visiting.record, name="record"),
    path("desk/visits/bindings/<int:pk>/in-order/", visiting.in_order, name="in-order"),
    path("desk/visits/<int:pk>/", visiting.visit, name="visit"),
    path("desk/visits/<int:pk>/withdraw/", visiting.withdraw, name="withdraw"),
]
