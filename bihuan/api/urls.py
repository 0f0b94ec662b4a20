"""Open311, and the keys of the systems that use it."""

from django.urls import URLPattern, path, register_converter
from django.urls.converters import StringConverter

from bihuan.api.views import keys, open311


class Suffix(StringConverter):
    """The format suffix of a URL."""

    regex = "json|xml"


register_converter(Suffix, "format")


def _interface(start: str, name: str, *, is_test: bool) -> list[URLPattern]:
    """Return the URLs of GeoReport below one endpoint."""
    end = ".<format:suffix>"
    return [
        path(start, open311.root, name=name),
        path(f"{start}discovery{end}", open311.discovery, name=f"{name}-discovery"),
        path(f"{start}services{end}", open311.services, name=f"{name}-services"),
        path(f"{start}services/<str:code>{end}", open311.service, name=f"{name}-service"),
        path(
            f"{start}requests{end}",
            open311.requests,
            {"is_test": is_test},
            name=f"{name}-requests",
        ),
        path(
            f"{start}requests/<str:number>{end}",
            open311.request_by_number,
            name=f"{name}-request",
        ),
        path(f"{start}tokens/<str:number>{end}", open311.token, name=f"{name}-token"),
        path(f"{start}<path:rest>", open311.nowhere, name=f"{name}-nowhere"),
    ]


app_name = "api"
urlpatterns = [
    path("desk/api-keys/", keys.listing, name="api-keys"),
    path("desk/api-keys/make/", keys.make, name="make-api-key"),
    path("desk/api-keys/<int:pk>/end/", keys.end, name="end-api-key"),
    *_interface("open311/v2/", "open311", is_test=False),
    *_interface("open311/test/v2/", "open311-test", is_test=True),
]
