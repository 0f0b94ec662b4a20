from django.apps import AppConfig


class CalendarsConfig(AppConfig):
    name = "bihuan.calendars"
    label = "calendars"

    def ready(self) -> None:
        from bihuan.calendars.reminding import reminders
        from bihuan.web import readiness

        readiness.register_reminder(reminders)
