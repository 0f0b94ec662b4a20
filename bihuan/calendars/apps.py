from django.apps import AppConfig


class CalendarsConfig(AppConfig):
    name = "bihuan.calendars"
    label = "calendars"
