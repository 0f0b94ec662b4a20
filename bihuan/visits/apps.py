"""Which posts visit which sites, and how often."""

from django.apps import AppConfig


class VisitsConfig(AppConfig):
    name = "bihuan.visits"
    label = "visits"
