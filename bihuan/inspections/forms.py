"""Forms of inspections. None asks for a person, except who signs for the site."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bihuan.checklists.models import Version
from bihuan.core.inspection import Kind
from bihuan.files.fields import FilesField
from bihuan.inspections import queries
from bihuan.inspections.actions.answering import LONGEST_NOTE, Save
from bihuan.inspections.models import Inspection, Photo
from bihuan.orgs import access
from bihuan.orgs.forms import UnitField
from bihuan.orgs.models import Post, User
from bihuan.orgs.naming import seat_of
from bihuan.sites.models import Site
from bihuan.web.fields import prose
from bihuan.web.forms import OnceForm

MOST_REVISIONS = 2_000_000_000


class SaveForm(forms.Form):
    """An answer as the page sends it at a tap."""

    key = forms.UUIDField()
    item = forms.CharField(max_length=40)
    value = forms.CharField(max_length=2000, required=False)
    note = forms.CharField(max_length=LONGEST_NOTE, required=False)
    based_on = forms.IntegerField(min_value=0, max_value=MOST_REVISIONS)

    def save(self) -> Save:
        return Save(**self.cleaned_data)


class PhotoForm(forms.Form):
    """One photo of an item."""

    key = forms.UUIDField()
    item = forms.CharField(max_length=40)
    purpose = forms.ChoiceField(choices=Photo.Purpose.choices)
    photo = FilesField()

    def arguments(self) -> dict[str, Any]:
        data = {name: value for name, value in self.cleaned_data.items() if name != "photo"}
        return {**data, "upload": self.cleaned_data["photo"][0]}


class PhotosOfItemForm(forms.Form):
    """The photos of one item in the plain form of all items."""

    photos = FilesField()

    @classmethod
    def of(cls, item: str, files: MultiValueDict[str, Any]) -> PhotosOfItemForm | None:
        """Return the form of this item; None if no photo of it was sent."""
        given = files.getlist(f"photo_{item}")
        return cls({}, MultiValueDict({"photos": given})) if given else None


class SureForm(forms.Form):
    """Confirms what its page says will happen."""


class PostsField(forms.TypedMultipleChoiceField):
    """Posts that inspect, each with its unit."""

    widget = forms.CheckboxSelectMultiple

    def offer(self, posts: Iterable[Post]) -> None:
        by_key = {str(post.pk): post for post in posts}
        self.choices = [(key, seat_of(post)) for key, post in by_key.items()]
        self.coerce = by_key.__getitem__


class BeginForm(OnceForm):
    """Which checklist, for which unit, and who inspects."""

    version = forms.TypedChoiceField(label=_("Checklist"))
    kind = forms.ChoiceField(
        label=pgettext_lazy("an inspection", "Kind"),
        widget=forms.RadioSelect,
    )
    unit = UnitField(label=_("Unit that inspects"))
    posts = PostsField(label=_("Posts that inspect"))

    def __init__(
        self, *args: Any, site: Site, user: User, now: datetime, versions: list[Version], **kw: Any
    ) -> None:
        super().__init__(*args, **kw)
        self.site = site
        by_key = {str(each.pk): each for each in versions}
        version = self.fields["version"]
        assert isinstance(version, forms.TypedChoiceField)
        version.choices = [(key, str(each.checklist)) for key, each in by_key.items()]
        version.coerce = by_key.__getitem__
        units = queries.units_for(user, now)
        unit, posts = self.fields["unit"], self.fields["posts"]
        assert isinstance(unit, UnitField)
        assert isinstance(posts, PostsField)
        unit.offer(units)
        posts.offer(queries.offered_posts(user, site, now))
        own = queries.own_posts(user, now)
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)
        kind.choices = kinds_for(user, site, now)
        self.initial.setdefault("kind", kind.choices[0][0] if kind.choices else "")
        if units:
            self.initial.setdefault("unit", str(units[0].pk))
        self.initial.setdefault("posts", [str(post.pk) for post in own[:1]])
        if versions:
            self.initial.setdefault("version", str(versions[0].pk))


def kinds_for(user: User, site: Site, now: datetime) -> list[tuple[str, Any]]:
    """Return the kinds that may begin here: an operator checks itself, and others do not."""
    is_operator = access.is_operator(user, localdate(now))
    operates = any(seat.unit.pk == site.operator_unit_id for seat in queries.seats_of(user, now))
    left_out = {Kind.LOOK_BACK}
    if not operates:
        left_out.add(Kind.SELF_CHECK)
    if is_operator:
        left_out |= set(Kind) - {Kind.SELF_CHECK}
    return [each for each in Inspection.Kind.choices if each[0] not in left_out]


class AbandonForm(OnceForm):
    reason = prose(
        _("Reason"), rows=2, help_text=_("For example: the site was locked. Do not name people.")
    )
