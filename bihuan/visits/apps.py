"""Which posts visit which sites, and how often."""

from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bihuan.core.powers import OPERATING

# Their section of the handbook is another one.
_OF_OPERATORS = (
    "operated",
    "operated_site",
    "submit_paper",
    "submissions",
    "submission",
    "refuse_paper",
    "operator_users",
    "invite_operator",
    "operator_issued",
    "operator_password",
    "end_operator",
)


class VisitsConfig(AppConfig):
    name = "bihuan.visits"
    label = "visits"

    def ready(self) -> None:
        from bihuan.journal import guards
        from bihuan.journal import hooks as journal
        from bihuan.orgs import holdings
        from bihuan.sites import hooks as sites
        from bihuan.visits import agenda, guard, queries, standing, wording
        from bihuan.visits.actions.leaving import HOLDING
        from bihuan.visits.models import BINDING, GROUP, VISIT
        from bihuan.web import agenda as today
        from bihuan.web import handbook, navigation, subjects
        from bihuan.web.navigation import Group, Place

        navigation.register(
            Place("visits:mine", _("My sites"), "place", Group.PREVENTION, powers=queries.VISITORS),
            Place(
                "visits:coverage",
                _("Visits to sites"),
                "check",
                Group.PREVENTION,
                powers=frozenset({queries.BINDER}),
            ),
        )
        for engine in ("postgresql", "sqlite"):
            guards.register(engine, dict.fromkeys(guard.NAMES, ""))
        handbook.register("visits", "visits", **dict.fromkeys(_OF_OPERATORS, "operators"))
        today.register("visits", agenda.sections)
        sites.register_reach("visits", queries.sites_of)
        _show_on_sites()
        holdings.register("visits", HOLDING)
        _be_open_to_operators()
        subjects.register(
            VISIT,
            subjects.SubjectType(
                _page, _name, queries.hidden_from, queries.may_see, wording.DONE, queries.may_attach
            ),
        )
        journal.register_witness(BINDING, standing.BINDINGS)
        journal.register_witness(GROUP, standing.GROUPS)
        journal.register_witness(VISIT, standing.VISITS)


def _be_open_to_operators() -> None:
    from bihuan.journal import hooks
    from bihuan.notices import voices
    from bihuan.orgs import operators
    from bihuan.visits import agenda, operating, sections, standing, wording
    from bihuan.visits.submitted import SUBMISSION
    from bihuan.web import navigation, subjects

    operators.register_home("visits:operated")
    operators.register("visits:operated-site", "visits:submit-paper", "visits:take-back-paper")
    sections.register("papers", agenda.to_renew)
    sections.register("cases", agenda.to_solve)
    hooks.register_witness(SUBMISSION, standing.SUBMISSIONS)
    voices.register(
        SUBMISSION, voices.NoticeRenderer(wording.notice, url=agenda.page_of_submission)
    )
    navigation.register(
        navigation.Place(
            "visits:operated",
            _("Sites of my unit"),
            "place",
            navigation.Group.PREVENTION,
            powers=OPERATING,
        )
    )
    subjects.register(
        SUBMISSION,
        subjects.SubjectType(
            _submission_page,
            _submission_name,
            operating.submission_hidden_from,
            operating.may_see_submission,
            wording.DONE,
            operating.may_attach,
        ),
    )


def _submission_page(key: str) -> str:
    return reverse("visits:submission", args=[key])


def _submission_name(key: str) -> str:
    from bihuan.visits.submitted import PaperSubmission

    return str(PaperSubmission.objects.get(pk=key))


def _show_on_sites() -> None:
    from bihuan.sites import sections
    from bihuan.visits import shown

    sections.register("visits", 40, shown.section)
    sections.register("submissions", 45, shown.submissions)
    sections.register_button("visits", 20, shown.record_button)
    sections.register_button("binding", 30, shown.bind_button)
    sections.register_button("users", 95, shown.users_button)
    sections.register_button("poster", 90, shown.poster_button)


def _page(key: str) -> str:
    return reverse("visits:visit", args=[key])


def _name(key: str) -> str:
    from bihuan.visits.models import Visit

    return Visit.objects.select_related("site").get(pk=key).site.name
