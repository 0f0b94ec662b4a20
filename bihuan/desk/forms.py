"""Forms for the moves of a case. Each form knows the case, the user, and the time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from django import forms
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bihuan.cases import kinds, likeness, outside, queries
from bihuan.cases.actions import evidence
from bihuan.cases.kinds import Words
from bihuan.cases.models import Assist, Case, Evidence, SavedView
from bihuan.cases.queries import proposals
from bihuan.cases.queries.proposals import Proposal, Why
from bihuan.core.powers import Power
from bihuan.desk.form_data import (
    ChosenUnit,
    DisputeDecision,
    ExtensionDecision,
    NewDate,
    Note,
    UnitAndNote,
    Uploads,
)
from bihuan.files.fields import (
    PHOTOS_AND_DOCUMENTS,
    FilesField,
)
from bihuan.orgs import choices
from bihuan.orgs.forms import PostField, UnitField
from bihuan.orgs.models import Post, Unit, User
from bihuan.orgs.queries import units_acted_in
from bihuan.orgs.wording import POWERS
from bihuan.web.fields import DeadlineField, Phrase, PhrasedText, deadline, prose, yes_or_no
from bihuan.web.forms import DataForm

D = TypeVar("D", covariant=True)


_WHY: Mapping[Why, Words] = {
    Why.PLACE: _("Proposed: it had the last case at this place, %(number)s."),
    Why.CATEGORY: _("Proposed: it had the last case of this category here, %(number)s."),
    Why.LAST: _("Proposed: it had the last case found here."),
    Why.UNIT: _("Proposed: it handles the cases of this unit."),
}


def wording_of_proposal(proposal: Proposal) -> str:
    """Explain why a post is proposed."""
    return str(_WHY[proposal.why]) % {"number": proposal.number}


class MoveForm(DataForm[D]):
    """A short form for one move, with the version of the case that the user saw."""

    left_out = frozenset({"version"})
    # Why there is nothing to fill in now; said instead of the form.
    nothing: Words = ""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, case: Case | None, user: User, now: datetime, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.case, self.user, self.now = case, user, now
        if case is None:  # one plan for many cases, each with a version of its own
            del self.fields["version"]
        else:
            self.initial["version"] = case.version
        self.prepare()
        for field in self.fields.values():
            if isinstance(field, DeadlineField):
                field.begin(localdate(now))

    def prepare(self) -> None:
        """Fill in what depends on the case or on the user."""

    def start_from(self, given: Mapping[str, str]) -> None:
        """Fill in what the link to the form says."""

    def plan_for(self, cases: Sequence[Case], earlier: Sequence[str]) -> None:
        """Offer what fits all of these cases; `earlier` are the numbers of cases with which
        proposals for them are explained.
        """

    @property
    def subject(self) -> Case:
        """Return the case of a form about one case."""
        if self.case is None:
            raise TypeError("this form needs a case")
        return self.case

    @property
    def seen_version(self) -> int | None:
        """Return the version of the case that the user saw; None in a plan for many cases."""
        version: int | None = self.cleaned_data.get("version")
        return version

    def refresh_version(self, version: int) -> None:
        """After a refusal as stale, use the version that the user now sees."""
        self.data = {**dict(self.data.items()), "version": str(version)}

    def offer_posts(
        self, name: str, *powers: Power, besides: Iterable[Unit] = (), is_proposed: bool = False
    ) -> list[Proposal]:
        """Offer handling posts in the units that the officer reaches with these powers; the
        proposed ones come first, and the best of them is chosen.
        """
        field = self.fields[name]
        assert isinstance(field, PostField)
        posts = choices.handling_posts(self.user, powers, self.now, besides)
        best = self._proposed(posts) if is_proposed and self.case else []
        field.offer(posts, [each.post for each in best])
        power = {"power": POWERS[Power.HANDLE]}
        field.widget.attrs["data-none"] = (
            _("Not in the list: only posts with “%(power)s” are.") % power
        )
        field.help_text = field.help_text or _("Posts with “%(power)s” are listed.") % power
        if best and self.subject.post_id is None:
            self.initial.setdefault(name, best[0].post)
            field.help_text = wording_of_proposal(best[0])
        return best

    def offer_phrases(self, name: str, phrases: Sequence[Phrase]) -> None:
        """Offer texts for this field, before those that it has, and to save what is typed."""
        widget = self.fields[name].widget
        assert isinstance(widget, PhrasedText)
        widget.keep_url = reverse("desk:phrases")
        widget.phrases = [*phrases, *widget.phrases]

    def _proposed(self, posts: Iterable[choices.Holding]) -> list[Proposal]:
        sight = queries.visible_to(self.user, self.now)
        return proposals.proposals(self.subject, [each.post for each in posts], sight)

    def offer_units(self, name: str, *powers: Power) -> None:
        field = self.fields[name]
        assert isinstance(field, UnitField)
        field.offer(units_acted_in(self.user, powers, self.now))


class DigestsField(forms.CharField):
    """The digests of files that the form showed, in a hidden field."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> frozenset[str]:
        return frozenset(super().clean(value).split())


class SeeingForm(MoveForm[D]):
    """A decision about the fix: it carries the digests of the evidence that it shows."""

    seen = DigestsField(required=False, max_length=20_000)

    def show(self, digests: Iterable[str]) -> None:
        """Carry what the page shows now, also when it is shown again after a refusal."""
        self.initial["seen"] = " ".join(digests)
        if self.is_bound:
            self.data = {**dict(self.data.items()), "seen": self.initial["seen"]}


class ComparingForm(MoveForm[D]):
    """A decision that depends on whether the same problem is already known."""

    # Similar cases nearby, with the names of their stages.
    similar: Sequence[tuple[Case, Words]] = ()
    # The move that ends the case as a duplicate of one of them.
    duplicate_move = ""

    def prepare(self) -> None:
        case = self.subject
        found = likeness.similar(
            user=self.user,
            now=self.now,
            title=case.title,
            place=case.place,
            point=case.point,
            exclude=case.pk,
        )
        self.similar = [(each, kinds.stage_words(each.kind, each.stage)) for each in found]


class NoteForm(MoveForm[Note]):
    """A form with a text only."""

    gives = Note


class EvidenceForm(MoveForm[D]):
    """A move with photos: they are visible to the office only, unless the officer chooses
    otherwise.
    """

    is_shown = forms.BooleanField(
        label=_("Show the photos to the reporter"),
        required=False,
        help_text=_(
            "The reporter sees the photos with the tracking code, without captions and file "
            "names. Otherwise only the office sees them; documents are never shown."
        ),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields.pop("is_shown")
        if outside.is_followed(self.subject):
            self.fields["is_shown"] = field  # after the field it relates to
        if label := kinds.of(self.subject).wording.show_photos:
            field.label = str(label)


class TurnForm(forms.Form):
    """How a photo is shown, from how it was received."""

    turns = forms.TypedChoiceField(
        label=_("Show the photo"),
        coerce=int,
        choices=[
            (0, _("As it was received")),
            (1, _("Turned a quarter to the right")),
            (2, _("Upside down")),
            (3, _("Turned a quarter to the left")),
        ],
        widget=forms.RadioSelect,
    )


class KeepBackForm(forms.Form):
    """Why a photo is hidden from holders of a code."""

    note = prose(_("Reason"), max_length=1000)


class CommentForm(NoteForm):
    note = prose(_("Comment"))


class ContestForm(NoteForm):
    note = prose(
        _("Why another unit is responsible"),
        help_text=_(
            "Name the unit and the rule or fact that makes it responsible. The deadline keeps "
            "running."
        ),
    )


class DecideContestForm(MoveForm[DisputeDecision]):
    """Leave the case where it is, or assign it to another post."""

    upheld = yes_or_no(
        pgettext_lazy("disputed assignment", "Decision"),
        _("The objection is upheld: another unit takes the case"),
        _("The objection is rejected: the assignment stays"),
    )
    post = PostField(label=_("Post that takes the case"), required=False)
    note = prose(_("Reason"))

    def prepare(self) -> None:
        self.offer_posts("post", Power.COORDINATE, Power.APPROVE)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("upheld") and not given.get("post") and "post" not in self.errors:
            self.add_error("post", _("Choose the post that takes the case."))
        return given

    def given(self) -> DisputeDecision:
        said = self.cleaned_data
        post: Post | None = said["post"] if said["upheld"] else None
        return DisputeDecision(said["upheld"], said["note"], post.unit if post else None, post)


class AskExtensionForm(MoveForm[NewDate]):
    gives = NewDate

    until_date = deadline(_("New deadline"))
    note = prose(_("Why more time is needed"))


class DecideExtensionForm(MoveForm[ExtensionDecision]):
    gives = ExtensionDecision

    granted = yes_or_no(
        pgettext_lazy("extension", "Decision"), _("Grant extension"), _("Refuse extension")
    )
    note = prose(_("Reason"))


class AddAssistForm(MoveForm[UnitAndNote]):
    gives = UnitAndNote

    unit = UnitField(label=_("Assisting unit"))
    note = prose(_("Task"))

    def prepare(self) -> None:
        self.offer_units("unit", Power.COORDINATE)


class EndAssistForm(MoveForm[ChosenUnit]):
    gives = ChosenUnit

    unit = UnitField(label=_("Unit that has finished assisting"))

    def prepare(self) -> None:
        field = self.fields["unit"]
        assert isinstance(field, UnitField)
        assists = Assist.objects.filter(case=self.subject, ended_at=None).select_related("unit")
        field.offer([assist.unit for assist in assists])


class AttachForm(EvidenceForm[Uploads]):
    gives = Uploads

    uploads = FilesField(label=_("Photos or documents"), accept=PHOTOS_AND_DOCUMENTS)
    phase = forms.ChoiceField(
        label=_("Photo shows"), choices=Evidence.Phase.choices, widget=forms.RadioSelect
    )
    note = prose(_("Caption"), rows=2, required=False, max_length=200)

    def prepare(self) -> None:
        """Photos from officers who do not do the fix show the original state, or belong to
        their verification.
        """
        phases, phase = Evidence.Phase, self.fields["phase"]
        assert isinstance(phase, forms.ChoiceField)
        left_out = {phases.CHECK.value}
        if not evidence.may_show_fix(self.subject, self.user, self.now):
            left_out.add(phases.AFTER.value)
        phase.choices = [each for each in phases.choices if each[0] not in left_out]


class SavedViewForm(forms.ModelForm[SavedView]):
    """The name of a set of filters, and the filters themselves."""

    class Meta:
        model = SavedView
        fields = ("name", "query")
        labels = {"name": _("View name")}
        widgets = {"query": forms.HiddenInput}
