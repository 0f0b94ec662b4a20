"""Inspections of sites: answers, photos, signatures, findings."""

from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    name = "bihuan.inspections"
    label = "inspections"
