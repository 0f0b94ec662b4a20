"""The public's pages: no account, no trace of who."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "bihuan.portal"
    label = "portal"
