"""Lists of criteria for major hazards, as data with versions."""

from django.apps import AppConfig


class CriteriaConfig(AppConfig):
    name = "bihuan.criteria"
    label = "criteria"
