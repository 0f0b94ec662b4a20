"""Forms for the mediating office."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bihuan import languages
from bihuan.cases.kinds import Words
from bihuan.core.mediation import RECEIVERS
from bihuan.core.powers import Power
from bihuan.desk.form_data import PostAndNote
from bihuan.desk.forms import MoveForm, NoteForm
from bihuan.mediations import queries
from bihuan.mediations.actions.dispute_notices import Dispute
from bihuan.mediations.actions.performance import PromiseOutcome
from bihuan.mediations.actions.proceedings import Promise
from bihuan.mediations.form_data import (
    Conclusion,
    DraftText,
    Meeting,
    MeetingRecord,
    PerformanceCheck,
    Question,
    TalksOptions,
)
from bihuan.mediations.models import Agreement, Party, Performance, Session
from bihuan.mediations.wording import CATEGORIES, OUTCOMES, party
from bihuan.orgs.forms import PostField, UnitField
from bihuan.orgs.models import User
from bihuan.orgs.queries import units_acted_in
from bihuan.receipts.accounts import Identity
from bihuan.web.fields import day, deadline, line, prose, yes_or_no
from bihuan.web.fields import moment as at_time
from bihuan.web.templatetags.bihuan import day as in_words
from bihuan.web.templatetags.bihuan import moment

# The number of obligations in one agreement, each with a row of the form.
ROWS = 6
ADD_ROW = _("Add obligation")
# Parties may agree on instalments over many years.
INSTALMENTS = 20
SEEN = _("Everyone who may see the case reads this. Do not enter names or what the parties said.")
PRIVATE = _("Only the mediating unit reads this. Call the parties A, B and so on.")


def _remark() -> forms.CharField:
    return prose(_("Remark"), required=False, rows=2, help_text=SEEN)


class PartyField(forms.ModelChoiceField[Party]):
    def label_from_instance(self, obj: Party) -> str:
        return party(obj.slot)


# The officer's browser must not remember or store what is sealed here.
UNREMEMBERED = {"autocomplete": "off", "data-no-draft": ""}


class SealedPartyForm(MoveForm[Identity]):
    """Who a party is: sealed when this is sent."""

    name = line(
        pgettext_lazy("party", "Name"),
        length=80,
        help_text=_(
            "Name and contact are sealed when you submit. After that you must give a reason to "
            "unseal them, and the party sees it."
        ),
    )
    call_me = line(_("Telephone"), length=40, required=False)
    write_me = forms.EmailField(label=_("E-mail"), max_length=120, required=False)
    address = line(_("Address for the invitation"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("name", "call_me", "write_me", "address"):
            self.fields[name].widget.attrs.update(UNREMEMBERED)

    def given(self) -> Identity:
        data = self.cleaned_data
        return Identity(
            name=data["name"].strip(),
            phone=data["call_me"].strip(),
            email=data["write_me"].strip(),
            address=data["address"].strip(),
        )


class AddPartyForm(SealedPartyForm):
    """Who the other side is."""

    def prepare(self) -> None:
        self.fields["name"].label = _("Name of the other party")


class ApplicantForm(SealedPartyForm):
    """Who in a noticed dispute asks for a mediation."""

    def prepare(self) -> None:
        self.fields["name"].label = _("Name of the requesting party")


class MediatorForm(MoveForm[PostAndNote]):
    gives = PostAndNote

    post = PostField(
        label=_("Mediator's post"),
        help_text=_(
            "Choose an officer without a conflict of interest. Every party may refuse the person "
            "you name."
        ),
    )
    note = _remark()

    def prepare(self) -> None:
        self.offer_posts("post", Power.COORDINATE)


class BeginForm(MoveForm[TalksOptions]):
    """Closed unless every party wants it open (MED-2)."""

    gives = TalksOptions

    is_open = yes_or_no(
        _("Open to the public?"), _("Open, every party agrees"), _("Closed, only the parties")
    )
    note = _remark()

    def prepare(self) -> None:
        stances = map(queries.stance, queries.parties(self.subject))
        open_to_all = all(each.agrees_to_open for each in stances)
        self.initial.setdefault("is_open", "yes" if open_to_all else "no")


class MeetForm(MoveForm[Meeting]):
    gives = Meeting

    meets_at = at_time(_("Day and time"))
    place = line(_("Place of the meeting"))

    def prepare(self) -> None:
        coming = queries.sessions(self.subject).filter(meets_at__gt=self.now).order_by("meets_at")
        if meeting := coming.first():
            said = {"at": moment(meeting.meets_at), "place": meeting.place}
            self.fields["meets_at"].help_text = _("Announced already: %(at)s, %(place)s.") % said


class SessionField(forms.ModelChoiceField[Session]):
    def label_from_instance(self, obj: Session) -> str:
        return f"{moment(obj.meets_at)} · {obj.place}"


class HoldForm(MoveForm[MeetingRecord]):
    gives = MeetingRecord

    session = SessionField(
        label=_("Meeting"), queryset=Session.objects.none(), widget=forms.RadioSelect
    )
    record = prose(_("Meeting record"), rows=8, max_length=20_000, help_text=PRIVATE)

    def prepare(self) -> None:
        field = self.fields["session"]
        assert isinstance(field, SessionField)
        held = queries.sessions(self.subject).filter(meets_at__lte=self.now)
        field.queryset = held
        field.empty_label = None
        self.nothing = "" if held else self._not_yet()

    def _not_yet(self) -> Words:
        if (coming := queries.sessions(self.subject).first()) is None:
            return _("No meeting is announced yet. Announce one, and record it once it has begun.")
        said = _("Next meeting: %(meeting)s. It is recorded once it has begun.")
        return said % {"meeting": f"{moment(coming.meets_at)} · {coming.place}"}


class DraftForm(MoveForm[DraftText]):
    """The exact text, and the obligations with their days."""

    terms = prose(
        _("Terms of the agreement"),
        rows=12,
        max_length=20_000,
        help_text=_(
            "The exact text that every party will confirm. Call the parties A, B and so on: "
            "their names are written on the printed copies by hand."
        ),
    )
    is_oral = forms.BooleanField(label=_("Oral agreement; this is its record"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fieldsets = ((_("Obligation and due date"), tuple(self._rows())),)

    def prepare(self) -> None:
        for n in range(1, ROWS + 1):
            self.fields[f"what_{n}"] = line(
                _("Obligation %(n)d") % {"n": n}, required=n == 1, length=400
            )
            self.fields[f"due_{n}"] = deadline(
                _("Obligation %(n)d: due date") % {"n": n}, years=INSTALMENTS, required=n == 1
            )
            for name in (f"what_{n}", f"due_{n}"):
                self.fields[name].widget.attrs |= {"data-row": n, "data-row-add": ADD_ROW}
        self._fill_in()

    def _rows(self) -> Iterable[str]:
        for n in range(1, ROWS + 1):
            yield from (f"what_{n}", f"due_{n}")

    def _fill_in(self) -> None:
        """Fill in the text that was withdrawn, for officers who may read it."""
        case = self.subject
        if not queries.may_read(case, self.user, self.now):
            return
        earlier = Agreement.objects.filter(mediation=case.pk).order_by("-drafted_at", "-pk").first()
        if earlier is None:
            return
        self.initial.setdefault("terms", earlier.terms)
        for n, item in enumerate(queries.promised(earlier)[:ROWS], 1):
            self.initial.setdefault(f"what_{n}", item.what)
            self.initial.setdefault(f"due_{n}", item.due_date)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for n in range(1, ROWS + 1):
            what, due = given.get(f"what_{n}"), given.get(f"due_{n}")
            if what and not due and f"due_{n}" not in self.errors:
                self.add_error(f"due_{n}", _("Enter the due date."))
            if due and not what and f"what_{n}" not in self.errors:
                self.add_error(f"what_{n}", _("Enter what must be done by that date."))
        return given

    def given(self) -> DraftText:
        data = self.cleaned_data
        rows = [(data[f"what_{n}"], data[f"due_{n}"]) for n in range(1, ROWS + 1)]
        return DraftText(
            terms=data["terms"],
            is_oral=data["is_oral"],
            promised=[Promise(what, due) for what, due in rows if what],
        )


class TakeBackForm(NoteForm):
    note = prose(_("Reason for withdrawal"), help_text=SEEN)


class ConcludeForm(MoveForm[Conclusion]):
    gives = Conclusion

    effective_date = day(
        _("In force since"),
        help_text=_(
            "Written: the day on which the parties and the mediator signed and the seal was set. "
            "Oral: the day on which the parties agreed."
        ),
    )
    note = _remark()

    def prepare(self) -> None:
        self.initial.setdefault("effective_date", localdate(self.now))


class PromiseField(forms.ModelChoiceField[Performance]):
    """An obligation: its text for officers who may read it, for others its day."""

    is_read = False

    def label_from_instance(self, obj: Performance) -> str:
        on = in_words(obj.due_date)
        return f"{on} · {obj.what}" if self.is_read else on


class PerformanceForm(MoveForm[PerformanceCheck]):
    gives = PerformanceCheck

    item = PromiseField(
        label=_("Obligations"), queryset=Performance.objects.none(), widget=forms.RadioSelect
    )
    outcome = forms.TypedChoiceField(
        label=_("Result of the follow-up"),
        choices=list(OUTCOMES.items()),
        coerce=PromiseOutcome,
        widget=forms.RadioSelect,
    )
    again_date = deadline(
        _("Next follow-up on"), required=False, help_text=_("Only if it is not fulfilled yet.")
    )
    record = prose(_("Method and findings"), help_text=PRIVATE)

    def prepare(self) -> None:
        field = self.fields["item"]
        assert isinstance(field, PromiseField)
        field.is_read = queries.may_read(self.subject, self.user, self.now)
        agreement = queries.on_table(self.subject)
        if agreement is not None:
            field.queryset = queries.promised(agreement).filter(done_at=None)
        field.empty_label = None
        if not field.queryset:
            self.nothing = _("Every obligation has been followed up.")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        again: date | None = given.get("again_date")
        is_later = given.get("outcome") is PromiseOutcome.LATER and "again_date" not in self.errors
        if is_later and (again is None or again < localdate(self.now)):
            self.add_error("again_date", _("Enter the date of the next follow-up, today or later."))
        return given


class FinishForm(NoteForm):
    note = prose(_("Conclusion of the follow-up"), help_text=SEEN)


class SettleForm(NoteForm):
    note = prose(_("How it was settled"), help_text=SEEN)


class FailForm(NoteForm):
    note = prose(_("Why there is no agreement"), help_text=SEEN)


class AlertForm(NoteForm):
    note = prose(
        _("What was reported to the police, when and by whom"),
        help_text=_("Call the police first: 110. The parties do not see this entry."),
    )


class InterestForm(NoteForm):
    note = prose(_("Conflict of interest"), rows=2, help_text=SEEN)


class AskForm(MoveForm[Question]):
    """A question to one party, which no other party sees."""

    party = PartyField(
        label=_("Party"), queryset=Party.objects.none(), widget=forms.RadioSelect, empty_label=None
    )
    note = prose(_("Question"), help_text=_("Only this party reads it, with its code."))

    def prepare(self) -> None:
        field = self.fields["party"]
        assert isinstance(field, PartyField)
        field.queryset = Party.objects.filter(mediation=self.subject.pk).order_by("pk")

    def given(self) -> Question:
        asked: Party = self.cleaned_data["party"]
        return Question(asked.slot, self.cleaned_data["note"])


class NoticeForm(forms.Form):
    """A dispute noticed in a screening round."""

    form_key = forms.UUIDField(widget=forms.HiddenInput)
    unit = UnitField(label=_("Unit where it was noticed"))
    place = line(_("Place"), help_text=_("Be exact enough for others to find it."))
    title = line(
        _("Summary of the dispute"),
        help_text=_("The subject, such as a field boundary. Do not enter names."),
    )
    description = prose(
        _("More details"),
        required=False,
        help_text=_("The units concerned, and since when. Call the parties A, B and so on."),
    )
    category = forms.ChoiceField(label=_("Category"), required=False)

    def __init__(self, *args: Any, user: User, now: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        units = units_acted_in(user, RECEIVERS, now)
        unit = self.fields["unit"]
        assert isinstance(unit, UnitField)
        unit.offer(units)
        category = self.fields["category"]
        assert isinstance(category, forms.ChoiceField)
        named = [(zh, languages.chosen({"zh": zh, "en": en})) for zh, en in CATEGORIES]
        category.choices = [("", _("— empty —")), *named]
        self.initial = {"form_key": uuid4(), "unit": units[0].pk if units else None, **self.initial}

    def dispute(self) -> Dispute:
        given = self.cleaned_data
        names = ("title", "place", "unit", "description", "category")
        return Dispute(**{name: given[name] for name in names})


class InviteForm(forms.Form):
    again = forms.BooleanField(
        label=_("The earlier slip was lost: print a new one and make the old code void"),
        required=False,
    )
