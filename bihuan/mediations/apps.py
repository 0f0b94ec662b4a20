"""Mediations: parties, consent, meetings, agreement."""

from django.apps import AppConfig


class MediationsConfig(AppConfig):
    name = "bihuan.mediations"
    label = "mediations"
