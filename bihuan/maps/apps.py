"""Maps: boundaries of units, a picker of a place, and layers."""

from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class MapsConfig(AppConfig):
    name = "bihuan.maps"
    label = "maps"

    def ready(self) -> None:
        from bihuan.journal import hooks
        from bihuan.journal.parts import Part, RowWitness
        from bihuan.maps import layers, shown, wording
        from bihuan.maps.models import SUBJECT, Boundary
        from bihuan.web import handbook, navigation, subjects

        boundary = Part("boundary", Boundary, _("the outline of the area"), without=("outline",))
        hooks.register_witness(SUBJECT, RowWitness(SUBJECT, boundary))
        navigation.register(
            navigation.Place("maps:map", _("Map"), "place", navigation.Group.PREVENTION)
        )
        handbook.register("maps", "maps")
        layers.register("units", _("Boundaries of units"), shown.units, order=9)
        subjects.register(
            SUBJECT, subjects.SubjectType(_page, subjects.nameless, acts=wording.ACTS)
        )


def _page(key: str) -> str:
    return reverse("maps:map")
