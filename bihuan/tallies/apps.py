"""Short-lived counts that limit spam and guessing on the portal and at the sign-in."""

from django.apps import AppConfig


class TalliesConfig(AppConfig):
    name = "bihuan.tallies"
    label = "tallies"
