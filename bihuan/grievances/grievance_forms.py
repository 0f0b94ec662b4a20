"""Forms for the moves of a grievance."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bihuan.cases.actions.recipients import Shut
from bihuan.cases.models import Assist
from bihuan.core import routing
from bihuan.core.grievance import Decision, ReviewOutcome
from bihuan.core.powers import Power
from bihuan.core.procedure import Procedure
from bihuan.desk.form_data import (
    ExtensionDecision,
    Note,
    PartOfCase,
    PostAndNote,
    UnitAndNote,
    WithPhotos,
)
from bihuan.desk.forms import D, EndAssistForm, EvidenceForm, MoveForm
from bihuan.files.fields import PHOTOS_AND_DOCUMENTS, FilesField
from bihuan.grievances.actions.opinions import Parts
from bihuan.grievances.form_data import MoreDays, ObjectionAnswer, PaperService
from bihuan.grievances.models import Handover, Opinion
from bihuan.grievances.queries import (
    Round,
    complained_of,
    procedure_of,
    record_of,
)
from bihuan.grievances.wording import DECISIONS, OUTCOMES, PARTS, SERVICES
from bihuan.orgs.choices import Holding
from bihuan.orgs.forms import PostField, UnitField
from bihuan.orgs.models import Post, Tenure, Unit
from bihuan.web.fields import day, line, prose, yes_or_no

_READ = _("The reporter will read this.")
# Units to which matters are transferred; grids and firms have no office for them.
BODIES = (
    Unit.Kind.GOVERNMENT,
    Unit.Kind.DEPARTMENT,
    Unit.Kind.TOWN,
    Unit.Kind.VILLAGE,
    Unit.Kind.SCHOOL,
    Unit.Kind.FOREST_FARM,
)


def _label(part: str) -> Any:
    return PARTS[part]


class GrievanceForm(MoveForm[D]):
    """A form that knows the procedure of its case, and to whom the case may go."""

    @property
    def procedure(self) -> Procedure:
        return procedure_of(record_of(self.subject))

    def offer_bodies(self, name: str) -> None:
        """Offer the bodies around the responsible one, without any that it is about."""
        field = self.fields[name]
        assert isinstance(field, UnitField)
        owner = self.subject.owner
        shut = complained_of(self.subject, self.now)
        over = Unit.objects.above(owner)
        around = Unit.objects.within(over[0] if over else owner)
        found = (around | over.order_by()).open().filter(kind__in=BODIES)
        units = found.exclude(pk=owner.pk).order_by("path")
        field.offer([each for each in units if not routing.is_shut_out(each.path, shut)])

    def offer_holders(self, name: str, power: Power, units: Iterable[Unit]) -> None:
        """Offer posts with this power in these units, whose holders are not excluded."""
        field = self.fields[name]
        assert isinstance(field, PostField)
        on = localdate(self.now)
        posts = Post.objects.in_force(on).filter(unit__in=units).select_related("unit")
        held = Tenure.objects.in_force(on).filter(post__in=posts).select_related("member")
        holders = {tenure.post_id: tenure.member for tenure in held}
        shut = held.filter(Shut.out_of(self.subject).holders(self.now))
        barred = set(shut.values_list("post", flat=True))
        field.offer(
            Holding(post, holders[post.pk].name if post.pk in holders else "")
            for post in posts.order_by("unit__path", "pk")
            if power in post.powers and post.pk not in barred
        )


class NoteForm(GrievanceForm[Note]):
    """A form with a text only."""

    gives = Note


class RemarkForm(NoteForm):
    note = prose(_("Remark"), required=False, rows=2)


class ReasonForm(NoteForm):
    note = prose(_("Reason"))


# ---------------------------------------------------------------- classification
class AcceptForm(NoteForm):
    note = prose(_("Text to add to the letter"), required=False, rows=3, help_text=_READ)


class RedirectForm(NoteForm):
    note = prose(
        _("Reason, competent body and how to contact it"),
        help_text=_("The reporter receives this with the route and the remedies in plain words."),
    )


# -------------------------------------------------------------------- transfers
class TransferForm(GrievanceForm[UnitAndNote]):
    gives = UnitAndNote

    unit = UnitField(label=_("Competent unit"))
    note = prose(_("Why it is competent"))

    def prepare(self) -> None:
        self.offer_bodies("unit")


class ObjectForm(NoteForm):
    note = prose(
        _("Why another unit is competent"),
        help_text=_("Name the unit and the rule. The case comes back only if the sender agrees."),
    )


class AnswerObjectionForm(GrievanceForm[ObjectionAnswer]):
    gives = ObjectionAnswer

    agreed = yes_or_no(
        pgettext_lazy("objection to a transfer", "Decision"),
        _("The objection is upheld: the case comes back to us"),
        _("The objection is rejected: that unit is responsible from now on"),
    )
    note = prose(_("Reason"))


# -------------------------------------------------------------------- handling
class AssignForm(GrievanceForm[PostAndNote]):
    gives = PostAndNote

    post = PostField(label=_("Handling post"))
    note = prose(_("Remark"), required=False, rows=2)

    def prepare(self) -> None:
        self.offer_holders("post", Power.HANDLE, [self.subject.owner])
        self.initial.setdefault("post", self.subject.post_id)


class LeadForm(GrievanceForm[PostAndNote]):
    gives = PostAndNote

    post = PostField(label=_("Lead officer's post"))
    note = prose(_("Remark"), required=False, rows=2)

    def prepare(self) -> None:
        owner = self.subject.owner
        self.offer_holders("post", Power.APPROVE, [owner, *Unit.objects.above(owner)])
        self.initial.setdefault("post", record_of(self.subject).lead_id)


class StepForm(EvidenceForm[WithPhotos], GrievanceForm[WithPhotos]):
    gives = WithPhotos

    note = prose(_("What has been done"))
    photos = FilesField(
        label=_("Photos"),
        required=False,
        help_text=_("Location and camera data are removed when a photo is received."),
    )


class InterestForm(NoteForm):
    note = prose(
        _("Conflict of interest"),
        help_text=_("Briefly, for example: related to the reporter, party to the matter."),
    )


class AddChildForm(GrievanceForm[PartOfCase]):
    gives = PartOfCase

    unit = UnitField(label=_("Unit that takes the part"))
    title = line(_("Summary of the part"))
    note = prose(_("Remark"), required=False, rows=2)

    def prepare(self) -> None:
        self.offer_bodies("unit")


class AddAssistForm(GrievanceForm[UnitAndNote]):
    gives = UnitAndNote

    unit = UnitField(label=_("Assisting unit"))
    note = prose(_("Task"))

    def prepare(self) -> None:
        self.offer_bodies("unit")


class EndHelpForm(EndAssistForm):
    def prepare(self) -> None:
        """Offer every assisting unit, except one to which a transfer is in progress."""
        field = self.fields["unit"]
        assert isinstance(field, UnitField)
        waited_for = Handover.objects.filter(case=self.subject, ended_at=None).values("to_unit")
        assists = Assist.objects.filter(case=self.subject, ended_at=None)
        helping = assists.exclude(unit__in=waited_for).select_related("unit")
        field.offer([assist.unit for assist in helping])


# --------------------------------------------------------------------- opinion
class OpinionForm(GrievanceForm[Parts]):
    """The parts of a written opinion (PET-25)."""

    gives = Parts

    round = Round.ANSWER
    request = prose(PARTS["request"], rows=3)
    facts = prose(PARTS["facts"], rows=5)
    reasons = prose(PARTS["reasons"], rows=4)
    decision = forms.ChoiceField(
        label=_label("decision"),
        choices=[(each.value, DECISIONS[each]) for each in Decision],
        widget=forms.RadioSelect,
    )
    basis = prose(
        PARTS["basis"], rows=2, help_text=_("Law or rule, with title and article."), required=False
    )

    def prepare(self) -> None:
        for name in self.procedure.opinion:
            self.fields[name].required = True
        draft = Opinion.objects.filter(case=self.subject, round=self.round, issued_at=None).first()
        for name in ("request", "facts", "reasons", "decision", "basis", "outcome"):
            if draft is not None:
                self.initial.setdefault(name, getattr(draft, name))
        self.initial.setdefault("request", self.subject.description or self.subject.title)


class ReviewForm(OpinionForm):
    """A review also decides whether the previous opinion is upheld."""

    round = Round.REVIEW
    outcome = forms.ChoiceField(
        label=_label("outcome"),
        choices=[(each.value, OUTCOMES[each]) for each in ReviewOutcome],
        widget=forms.RadioSelect,
    )


class RereviewForm(ReviewForm):
    round = Round.REREVIEW


class ServeForm(GrievanceForm[PaperService]):
    """When and how the last answer was served on paper."""

    gives = PaperService

    served_date = day(_("Day on which it was served"))
    service = forms.ChoiceField(label=_("How it was served"), widget=forms.RadioSelect)
    receipt = FilesField(
        label=_("Signed or postal receipt"),
        accept=PHOTOS_AND_DOCUMENTS,
        required=False,
        help_text=_(
            "A photo or scan. First cover the name, address and signature: the reporter's "
            "identity stays sealed. Only the office sees the file."
        ),
    )
    note = prose(_("Remark"), required=False, rows=2)

    def prepare(self) -> None:
        self.fields["served_date"].widget.attrs["max"] = localdate(self.now).isoformat()
        service = self.fields["service"]
        assert isinstance(service, forms.ChoiceField)
        service.choices = [(each.value, SERVICES[each]) for each in self.procedure.service]


class ExtensionForm(GrievanceForm[MoreDays]):
    gives = MoreDays

    days = forms.IntegerField(label=_("Additional days"), min_value=1, max_value=60)
    note = prose(_("Why more time is needed"))


class DecideExtensionForm(GrievanceForm[ExtensionDecision]):
    gives = ExtensionDecision

    granted = yes_or_no(
        pgettext_lazy("extension", "Decision"), _("Grant extension"), _("Refuse extension")
    )
    note = prose(
        _("Reason"),
        help_text=_("If granted, the reporter reads this as the reason."),
    )
