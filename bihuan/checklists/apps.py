"""Checklists with versions, and how they are made and exchanged."""

from django.apps import AppConfig


class ChecklistsConfig(AppConfig):
    name = "bihuan.checklists"
    label = "checklists"
