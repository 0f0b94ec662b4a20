from django.apps import AppConfig


class HazardsConfig(AppConfig):
    name = "bihuan.hazards"
    label = "hazards"
