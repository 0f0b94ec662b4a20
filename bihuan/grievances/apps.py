"""Grievances and suggestions: complaints, requests and ideas from residents."""

from django.apps import AppConfig


class GrievancesConfig(AppConfig):
    name = "bihuan.grievances"
    label = "grievances"
