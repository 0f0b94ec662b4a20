"""Lists of criteria for major hazards, as data with versions."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

# The triggers that keep what was stated.
GUARDS = ("confirmation_stays_as_it_was_changed", "confirmation_stays_as_it_was_removed")


class CriteriaConfig(AppConfig):
    name = "bihuan.criteria"
    label = "criteria"

    def ready(self) -> None:
        from bihuan.core.powers import NO_CASES, Power
        from bihuan.criteria import wording
        from bihuan.criteria.models import SUBJECT, Confirmation
        from bihuan.journal import guards, hooks
        from bihuan.journal.parts import Part, RowWitness
        from bihuan.web import handbook, navigation, subjects

        handbook.register("criteria", "criteria")
        for engine in ("postgresql", "sqlite"):
            guards.register(engine, dict.fromkeys(GUARDS, ""))
        navigation.register(
            navigation.Place(
                "criteria:catalogue",
                _("Criteria for major hazards"),
                "check",
                navigation.Group.PREVENTION,
                powers=frozenset(Power) - NO_CASES | {Power.ADMINISTER},
                order=9,
            )
        )
        part = Part("criterion", Confirmation, _("the confirmation of the criterion"))
        hooks.register_witness(SUBJECT, RowWitness(SUBJECT, part))
        subjects.register(SUBJECT, subjects.SubjectType(_page, _name, acts=wording.ACTS))


def _page(key: str) -> str:
    from bihuan.criteria.models import Confirmation

    return Confirmation.objects.get(pk=key).get_absolute_url()


def _name(key: str) -> str:
    from bihuan.criteria.models import Confirmation

    return str(Confirmation.objects.get(pk=key))
