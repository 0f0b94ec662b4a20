"""Transfer letters: the list, one letter, its acts, its printed page and its photos."""

from django.urls import path

from bihuan.transfers.views import letters, register

app_name = "transfers"
urlpatterns = [
    path("desk/letters/", register.register, name="letters"),
    path("desk/cases/<slug:number>/letter/", letters.draft, name="draft"),
    path("desk/letters/<int:pk>/", letters.letter, name="letter"),
    path("desk/letters/<int:pk>/sheet/", letters.sheet, name="sheet"),
    path("desk/letters/<int:pk>/photos/<int:rank>/", letters.photo, name="photo"),
    path("desk/letters/<int:pk>/<slug:name>/", letters.act, name="act"),
]
