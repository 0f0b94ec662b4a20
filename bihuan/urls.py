"""The URL configuration: the URLs of every part, higher parts before those below them.

A part is an installed app with a module `urls`; the order is that of `INSTALLED_APPS`, reversed,
because a case number may look like any other word in a URL (decision 0115).
"""

from django.apps import apps
from django.urls import include, path
from django.urls.resolvers import URLPattern, URLResolver
from django.utils.module_loading import module_has_submodule

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include(f"{app.name}.urls"))
    for app in reversed(list(apps.get_app_configs()))
    if not app.name.startswith("django.")
    and app.module is not None
    and module_has_submodule(app.module, "urls")
]

handler500 = "bihuan.web.views.failed"
