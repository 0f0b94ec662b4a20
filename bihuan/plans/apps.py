"""Plans of inspections, draws, and rounds that look back."""

from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "bihuan.plans"
    label = "plans"
