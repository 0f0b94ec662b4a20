"""The register of sites: what they are, who runs and who regulates them."""

from django.apps import AppConfig


class SitesConfig(AppConfig):
    name = "bihuan.sites"
    label = "sites"
