"""Risk points of sites, their controls, and who checks them."""

from django.apps import AppConfig


class RisksConfig(AppConfig):
    name = "bihuan.risks"
    label = "risks"
