from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "bihuan.journal"
    label = "journal"
