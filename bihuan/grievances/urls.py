"""Desk intake, and the subject tree; grievances and suggestions are on the pages of cases."""

from django.urls import path

from bihuan.grievances.views import categories, intake, opinion

app_name = "grievances"
urlpatterns = [
    path("desk/opinions/<slug:number>/<slug:round>/", opinion.opinion, name="opinion"),
    path("desk/intake/", intake.intake, name="intake"),
    path("desk/intake/<slug:name>/<slug:page>/", intake.page, name="intake-page"),
    path("desk/categories/", categories.tree, name="categories"),
    path("desk/categories/load/", categories.load, name="load-categories"),
    path("desk/categories/add/", categories.add, name="add-category"),
    path("desk/categories/<str:code>/", categories.category, name="category"),
    path("desk/categories/<str:code>/add/", categories.add, name="add-category-below"),
    path("desk/categories/<str:code>/change/", categories.change, name="change-category"),
    path("desk/categories/<str:code>/move/", categories.move, name="move-category"),
    path("desk/categories/<str:code>/retire/", categories.retire, name="retire-category"),
    path("desk/categories/<str:code>/restore/", categories.restore, name="restore-category"),
]
