from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "bihuan.cases"
    label = "cases"
