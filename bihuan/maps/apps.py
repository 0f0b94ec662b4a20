"""Maps: boundaries of units, a picker of a place, and layers."""

from django.apps import AppConfig


class MapsConfig(AppConfig):
    name = "bihuan.maps"
    label = "maps"
