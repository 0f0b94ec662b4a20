"""Pages without a subject: health, language."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.i18n import set_language

from bihuan.web import views

app_name = "web"
urlpatterns = [
    path("healthz", views.alive, name="healthz"),
    path("readyz", views.ready, name="readyz"),
    path("desk/find/", views.find, name="find"),
    path("desk/help/", views.show_help, name="help"),
    path("desk/help/<slug:section>/", views.show_help, name="help-section"),
    path("desk/tour/", views.tour, name="tour"),
    path("desk/tour/end/", views.end_tour, name="end-tour"),
    path("desk/timeline/<slug:kind>/<str:key>/", views.history, name="timeline"),
    path("language/", login_not_required(set_language), name="set_language"),
    path("favicon.ico", views.favicon, name="favicon"),
]
