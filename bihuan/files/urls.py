"""Attachments of any subject."""

from django.urls import path

from bihuan.files import views

app_name = "files"
urlpatterns = [
    path("desk/attach/<slug:kind>/<str:key>/", views.attach, name="attach"),
    path("desk/attachments/<int:pk>/", views.attachment, name="attachment"),
]
