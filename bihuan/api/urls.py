"""Open311, and the keys of the systems that use it."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from bihuan.api.views import keys, open311


class Suffix(StringConverter):
    """The format at the end of an address."""

    regex = "json|xml"


register_converter(Suffix, "format")

V2 = "open311/v2/"

urlpatterns = [
    path("desk/api-keys/", keys.listing, name="api-keys"),
    path("desk/api-keys/make/", keys.make, name="make-api-key"),
    path("desk/api-keys/<int:pk>/end/", keys.end, name="end-api-key"),
    path(V2, open311.root, name="open311"),
    path(f"{V2}discovery.<format:suffix>", open311.discovery, name="open311-discovery"),
    path(f"{V2}services.<format:suffix>", open311.services, name="open311-services"),
    path(f"{V2}services/<str:code>.<format:suffix>", open311.service, name="open311-service"),
    path(f"{V2}requests.<format:suffix>", open311.requests, name="open311-requests"),
    path(
        f"{V2}requests/<str:number>.<format:suffix>",
        open311.request_by_number,
        name="open311-request",
    ),
    path(f"{V2}tokens/<str:number>.<format:suffix>", open311.token, name="open311-token"),
    path(f"{V2}<path:rest>", open311.nowhere, name="open311-nowhere"),
]
