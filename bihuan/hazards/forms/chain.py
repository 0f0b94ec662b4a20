"""Forms of the chain of a major hazard: plan, report upward, listing, orders, acceptance."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from bihuan import formats
from bihuan.core.powers import Power
from bihuan.desk.form_data import NewDate, Note
from bihuan.desk.forms import MoveForm, NoteForm
from bihuan.hazards import limits
from bihuan.hazards.actions import acceptance, listing, orders
from bihuan.hazards.actions.acceptance import TeamOpinion
from bihuan.hazards.actions.listing import Terms
from bihuan.hazards.actions.planning import Remedy
from bihuan.hazards.form_data import (
    Decision,
    FixOrder,
    NewListing,
    NewRemedy,
    OrderCheck,
    StopOrder,
    TeamFindings,
    Upward,
)
from bihuan.hazards.models import Listing, Order, RemedyPlan
from bihuan.orgs.forms import PostField, UnitField, WordsField
from bihuan.orgs.queries import units_acted_in
from bihuan.web.fields import deadline, line, prose, yes_or_no
from bihuan.web.templatetags.bihuan import day as written_day

WEEKLY, ROWS = 7, 6


class PlanForm(MoveForm[NewRemedy]):
    """The parts of a plan of rectification (HAZ-5)."""

    gives = NewRemedy

    goals = prose(_("Goals"), help_text=_("What holds when the hazard is removed."))
    methods = prose(_("Methods and measures"))
    budget = forms.DecimalField(
        label=_("Funds in yuan"), min_value=0, max_digits=14, decimal_places=2
    )
    post = PostField(label=_("Responsible post"))
    team = prose(_("Posts and teams that do the work"), rows=2, help_text=_("Do not name people."))
    until_date = deadline(_("To be finished by"))
    safety = prose(_("Safety measures during the work"))
    contingency = prose(_("Contingency plan"))

    def prepare(self) -> None:
        case = self.subject
        last = RemedyPlan.objects.filter(case=case).order_by("-edition").first()
        names = ("goals", "methods", "budget", "team", "until_date", "safety", "contingency")
        for name in names:
            if last is not None:
                self.initial.setdefault(name, getattr(last, name))
        hazard = case.hazard
        self.initial.setdefault("methods", hazard.measures)
        self.initial.setdefault("budget", hazard.budget)
        self.initial.setdefault("until_date", hazard.deadline_date)
        self.initial.setdefault("contingency", hazard.contingency)
        self.offer_posts("post", Power.COORDINATE, Power.HANDLE, besides=[case.owner])
        self.initial.setdefault("post", last.post_id if last else case.post_id)

    def given(self) -> NewRemedy:
        data = {n: v for n, v in self.cleaned_data.items() if n != "version"}
        return NewRemedy(Remedy(**data))


class ReportUpForm(MoveForm[Upward]):
    """What a report to the level above says (HAZ-4)."""

    gives = Upward

    state = prose(_("State of the hazard and its cause"))
    harm = prose(_("Danger, and difficulty of the fix"))
    plan = prose(_("What is planned"), help_text=_("The plan of rectification, in short."))

    def prepare(self) -> None:
        self.initial.setdefault("state", self.subject.description)
        self.initial.setdefault("plan", self.subject.hazard.measures)


class ListForm(MoveForm[NewListing]):
    """The terms of a supervision listing, as its notice states them (ENF-16)."""

    gives = NewListing

    until_date = deadline(_("Deadline of the listing"))
    every_days = forms.IntegerField(
        label=_("An answer is owed every (days)"), min_value=1, max_value=90, initial=WEEKLY
    )
    acceptance_unit = UnitField(label=_("Unit that accepts the fix"))
    conditions = prose(_("Conditions for taking it off the list"))
    note = prose(_("Reason"))

    def prepare(self) -> None:
        if (last := limits.latest(self.now)) is not None:
            self.fields["until_date"].help_text = _("By the local rule at the latest %(day)s.") % {
                "day": written_day(last)
            }
        units = units_acted_in(self.user, (Power.APPROVE, Power.SUPERVISE), self.now)
        field = self.fields["acceptance_unit"]
        assert isinstance(field, UnitField)
        field.offer(units)
        if units:
            self.initial.setdefault("acceptance_unit", units[0].pk)

    def given(self) -> NewListing:
        data = self.cleaned_data
        names = ("until_date", "every_days", "acceptance_unit", "conditions")
        return NewListing(Terms(**{name: data[name] for name in names}), data["note"])


class AnswerForm(NoteForm):
    note = prose(_("Progress since the last answer"))


class MoreTimeForm(MoveForm[NewDate]):
    gives = NewDate

    until_date = deadline(_("Later deadline of the listing"))
    note = prose(_("Why more time is needed"))

    def prepare(self) -> None:
        found = listing.of(self.subject)
        if found is not None:
            self.fields["until_date"].help_text = _limits(found)


def _limits(found: Listing) -> str:
    """Say until when the listing runs, and what the local pack says about a later deadline."""
    sentences = [_("The deadline is %(day)s.") % {"day": written_day(found.until_date)}]
    if (ask_by := limits.ask_by(found.until_date)) is not None:
        said = _("By the local rule a later one is requested by %(day)s.")
        sentences.append(said % {"day": written_day(ask_by)})
    if (last := limits.latest(found.listed_at)) is not None:
        said = _("By the local rule at the latest %(day)s.")
        sentences.append(said % {"day": written_day(last)})
    return formats.sentences(sentences)


class DecideMoreTimeForm(MoveForm[Decision]):
    gives = Decision

    granted = yes_or_no(_("Grant the later deadline?"), _("Yes, grant it"), _("No, refuse it"))
    note = prose(_("Reason"))

    def prepare(self) -> None:
        found = listing.of(self.subject)
        if found is not None and found.asked_date is not None:
            self.fields["granted"].help_text = _("Requested until %(day)s.") % {
                "day": written_day(found.asked_date)
            }


class OrderFixForm(MoveForm[FixOrder]):
    gives = FixOrder

    note = prose(_("Problems to be rectified"))
    until_date = deadline(_("To be rectified by"))
    basis = line(_("Legal basis"), length=300)

    def prepare(self) -> None:
        case = self.subject
        self.initial.setdefault("note", case.title)
        self.initial.setdefault(
            "until_date", case.hazard.deadline_date or localdate(self.now) + timedelta(15)
        )
        self.initial.setdefault("basis", orders.BASIS)


class StopWorkForm(MoveForm[StopOrder]):
    gives = StopOrder

    place = line(_("Place where work stops"))
    stopped = prose(_("What is stopped, and who leaves the place"))
    note = prose(_("Reason"))
    basis = line(_("Legal basis"), length=300)

    def prepare(self) -> None:
        self.initial.setdefault("place", self.subject.place)
        self.initial.setdefault("basis", orders.BASIS)


class OrderField(forms.ModelChoiceField[Order]):
    def label_from_instance(self, obj: Order) -> str:
        return f"{obj.get_kind_display()} {obj.number}"


class CheckOrderForm(MoveForm[OrderCheck]):
    gives = OrderCheck

    order = OrderField(label=_("Order"), queryset=Order.objects.none(), widget=forms.RadioSelect)
    complied = yes_or_no(_("Is it complied with?"), _("Yes"), _("No"))
    note = prose(_("Findings on site"))

    def prepare(self) -> None:
        field = self.fields["order"]
        assert isinstance(field, OrderField)
        field.queryset = orders.open_orders(self.subject)
        field.empty_label = None
        first = field.queryset.first()
        self.initial.setdefault("order", first.pk if first else None)


class AcceptForm(MoveForm[TeamFindings]):
    """What a team found, with the opinion of each post or organisation."""

    gives = TeamFindings

    passed = yes_or_no(_("Does the team accept the fix?"), _("Yes, accepted"), _("No"))
    note = prose(_("Findings of the team"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for n in range(1, ROWS + 1):
            is_needed = n <= acceptance.AT_LEAST
            number = {"n": n}
            self.fields[f"member_{n}"] = WordsField(
                label=_("Member %(n)s: post or organisation") % number,
                max_length=120,
                required=is_needed,
                help_text=_("Do not name people.") if n == 1 else "",
            )
            self.fields[f"agrees_{n}"] = forms.ChoiceField(
                label=_("Member %(n)s: accepts the fix") % number,
                choices=[("", "—"), ("yes", _("Yes")), ("no", _("No"))],
                required=is_needed,
            )
            self.fields[f"opinion_{n}"] = WordsField(
                label=_("Member %(n)s: opinion") % number,
                max_length=500,
                required=False,
                help_text=_("Needed from who does not accept it.") if n == 1 else "",
            )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for n in range(1, ROWS + 1):
            member, agrees = given.get(f"member_{n}"), given.get(f"agrees_{n}")
            if agrees == "no" and not given.get(f"opinion_{n}"):
                self.add_error(f"opinion_{n}", _("Who does not accept it says why."))
            if member and not agrees and f"agrees_{n}" not in self.errors:
                self.add_error(f"agrees_{n}", _("Choose yes or no."))
            if not member and (agrees or given.get(f"opinion_{n}")):
                self.add_error(f"member_{n}", _("Name the post or organisation."))
        return given

    def given(self) -> TeamFindings:
        data = self.cleaned_data
        voices = tuple(
            TeamOpinion(data[f"member_{n}"], data[f"agrees_{n}"] == "yes", data[f"opinion_{n}"])
            for n in range(1, ROWS + 1)
            if data.get(f"member_{n}")
        )
        return TeamFindings(voices, data["passed"], data["note"])


class RemovalForm(MoveForm[Note]):
    gives = Note

    note = prose(_("How the conditions of the notice are met"))

    def prepare(self) -> None:
        found = listing.of(self.subject)
        if found is not None:
            self.fields["note"].help_text = found.conditions


class ReviewForm(RemovalForm):
    note = prose(_("Findings on site"))


class UnlistForm(NoteForm):
    note = prose(_("Why the listing was a mistake"))


class LiftForm(NoteForm):
    note = prose(_("Why work may begin again"))


class SendBackForm(NoteForm):
    note = prose(_("Remaining problems"))
