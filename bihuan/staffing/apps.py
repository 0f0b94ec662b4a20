"""The organisation as tables: a workbook, vacant posts, and who may do what."""

from django.apps import AppConfig


class StaffingConfig(AppConfig):
    name = "bihuan.staffing"
    label = "staffing"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from bihuan.orgs import links
        from bihuan.orgs.links import Link
        from bihuan.web import handbook

        handbook.register("staffing", "administration")
        links.on_organisation(Link(_("Vacancies"), "staffing:vacancies", icon="people"))
        links.on_organisation(Link(_("Workbook"), "staffing:workbook", icon="import"))
        links.on_member(Link(_("Who may do what"), "staffing:powers"))
        links.on_account(Link(_("What I may do"), "staffing:own-powers"))
