"""The organisation: units, posts, officers and what each may do."""

from django.apps import AppConfig


class OrgsConfig(AppConfig):
    name = "bihuan.orgs"
    label = "orgs"
