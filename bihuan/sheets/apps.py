from django.apps import AppConfig


class SheetsConfig(AppConfig):
    name = "bihuan.sheets"
    label = "sheets"
