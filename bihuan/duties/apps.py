"""Who answers for what at a site, by post."""

from django.apps import AppConfig


class DutiesConfig(AppConfig):
    name = "bihuan.duties"
    label = "duties"
