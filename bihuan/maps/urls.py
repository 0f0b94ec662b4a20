"""The map of all layers, and what the fields of forms ask for."""

from django.urls import path

from bihuan.maps import views

app_name = "maps"
urlpatterns = [
    path("desk/maps/", views.map_page, name="map"),
    path("desk/maps/outline/", views.outline, name="outline"),
]
