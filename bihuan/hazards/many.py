"""The moves of hazards that can be made for many at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bihuan.cases.kinds import Words
from bihuan.cases.models import Case
from bihuan.core.hazard import Grade, Move
from bihuan.core.refusal import Missing
from bihuan.desk import results
from bihuan.desk.many import ProposedPost, proposed_posts
from bihuan.desk.move_pages import MovePage
from bihuan.desk.pages import BatchMove, Proposed
from bihuan.hazards import deadlines, forms
from bihuan.hazards.actions import notification, reporting
from bihuan.hazards.form_data import Assignment
from bihuan.hazards.moves import MOVES
from bihuan.orgs.choices import name_of
from bihuan.orgs.forms import PostField
from bihuan.orgs.models import Post, User
from bihuan.web.fields import deadline
from bihuan.web.templatetags.bihuan import day as written_day


def _is_major(case: Case) -> Words:
    is_major = case.hazard.grade == Grade.MAJOR
    return _("A major hazard: only on its own page.") if is_major else ""


def _takes_more(case: Case) -> Words:
    """A reporter receives the result in words of its own, and a fix without a photo is decided by
    what else is known.
    """
    if notification.is_from_public(case):
        return _("The reporter receives an answer: close it on its own page.")
    if not case.has_after_evidence:
        return _("The fix has no photo: close it on its own page.")
    return _is_major(case)


class AssignManyForm(forms.AssignForm):
    """One plan for many hazards: each goes to its proposed post by its proposed day, or all to
    the same.
    """

    post = PostField(label=_("Responsible post"), required=False)
    deadline_date = deadline(
        _("Deadline"),
        required=False,
        help_text=_("Leave it empty for the proposed day of each case, or set one for all."),
    )

    def prepare(self) -> None:
        field = self.fields["post"]
        assert isinstance(field, PostField)
        field.none = _("Each to its proposed post")
        super().prepare()

    def plan_for(self, cases: Sequence[Case], earlier: Sequence[str]) -> None:
        categories = {case.category for case in cases}
        if len(categories) == 1:
            self.as_last_time(earlier, categories.pop())

    def given(self) -> Assignment:
        """Refuse a case for which nothing is proposed and nothing was chosen."""
        lacking = [each for each in ("post", "deadline_date") if not self.cleaned_data.get(each)]
        if lacking:
            raise Missing(*lacking)
        return super().given()


def _propose(cases: Sequence[Case], user: User, now: datetime) -> Mapping[str, Proposed]:
    """Propose a post for each case, and a deadline by its category and grade."""
    posts, today = proposed_posts(cases, user, now), localdate(now)
    return {case.number: _proposed(case, posts.get(case.number), today) for case in cases}


def _proposed(case: Case, post: ProposedPost | None, today: date) -> Proposed:
    hazard = case.hazard
    until = hazard.deadline_date
    if until is None or until < today:
        until = deadlines.proposed(hazard.grade, case.category, today)
    values = {"deadline_date": until.isoformat()}
    if post is None:
        return Proposed(values, str(_("No post is proposed: choose one for all.")))
    said = _("%(post)s, by %(day)s") % {"post": post, "day": written_day(until)}
    return Proposed({**values, "post": post.pk}, str(said), post.proposal.number)


def _is_elsewhere(case: Case, post: Post | None) -> Words:
    """Warn if the post's unit does not contain the unit or the place of the case."""
    if post is None:
        return _("No post is proposed: choose one for all, or it will be left out.")
    if any(each.path.startswith(post.unit.path) for each in (case.owner, case.origin)):
        return ""
    return _("%(unit)s is not above this case's unit, %(own)s.") % {
        "unit": name_of(post.unit),
        "own": name_of(case.owner),
    }


BATCH: Mapping[str, BatchMove] = {
    "confirm": BatchMove(
        Move.CONFIRM,
        MovePage(
            pgettext_lazy("move", "Confirm"),
            forms.ConfirmManyForm,
            lambda request, data: reporting.confirm(**request, grade=Grade.GENERAL, note=data.note),
            pgettext_lazy("happened", "Confirmed"),
            consequences=(
                _("Each is confirmed as a general hazard. Confirm major hazards one at a time."),
                _("Reporters are informed that their report was confirmed."),
            ),
        ),
        bar=_is_major,
    ),
    "assign": BatchMove(
        Move.ASSIGN,
        MovePage(
            pgettext_lazy("move", "Assign"),
            AssignManyForm,
            lambda request, data: reporting.assign(**request, plan=data.plan, note=data.note),
            pgettext_lazy("happened", "Assigned"),
            result=results.to_post(pgettext_lazy("happened", "Assigned")),
        ),
        bar=_is_major,
        warn=_is_elsewhere,
        propose=_propose,
    ),
    "close": BatchMove(Move.CLOSE, MOVES[Move.CLOSE], bar=_takes_more, shows_fix=True),
}
