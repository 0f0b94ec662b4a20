"""The organisation tree, and one unit with its posts and the units below it."""

from __future__ import annotations

from datetime import date
from functools import partial

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bihuan import formats
from bihuan.core.numerals import whole
from bihuan.core.powers import NO_CASES, Power
from bihuan.orgs import access, divisions, holdings, links, naming, queries, renaming
from bihuan.orgs.actions import annulling, units
from bihuan.orgs.forms import ChangeUnitForm, CloseUnitForm, NewUnitForm, first_values
from bihuan.orgs.http import SignedInRequest
from bihuan.orgs.models import Unit
from bihuan.orgs.structure_forms import MoveUnitForm
from bihuan.orgs.views.pages import Crumb, FormPage, administered_unit, crumbs_to_unit, perform
from bihuan.orgs.wording import POWERS


@require_safe
def organisation(request: SignedInRequest) -> HttpResponse:
    """Show the tree, or search results in it."""
    now = timezone.now()
    on = localdate(now)
    _require_a_post(request, on)
    words = request.GET.get("q", "").strip()
    context: dict[str, object] = {"words": words}
    if words:
        context["found"] = queries.search_units(words, on)
        context["holders"] = queries.search_holders(words, on)
    else:
        context["branches"] = queries.tree(on)
    context["administers"] = bool(access.units_with(request.user, Power.ADMINISTER, on))
    context["links"] = links.of_organisation()
    context["waiting"] = len(queries.waiting(request.user, now))
    return render(request, "orgs/organisation.html", context)


@require_safe
def unit(request: SignedInRequest, code: str) -> HttpResponse:
    """Show one unit: its position in the tree, its posts and officers, and the units below it."""
    now = timezone.now()
    on = localdate(now)
    _require_a_post(request, on)
    shown = get_object_or_404(Unit.objects.select_related("parent", "successor"), code=code)
    after = whole(request.GET.get("after", "")) or 0
    children, next_start = queries.children(shown, on, after=after)
    posts = [
        (post, [POWERS[Power(power)] for power in post.powers]) for post in queries.posts(shown, on)
    ]
    context = {
        "unit": shown,
        "heading": naming.name_of(shown),
        "crumbs": _crumbs_above(shown),
        "division": divisions.full_name(shown.division_code),
        "posts": posts,
        "may_be_lent": {post.pk for post, _ in posts if set(post.powers) - NO_CASES},
        "children": children,
        "next_url": f"?after={next_start}" if next_start else "",
        "on": on,
        "administers": access.has(request.user, Power.ADMINISTER, unit=shown, now=now),
    }
    if context["administers"]:
        context |= _names_of_old_place(shown)
        context["may_be_annulled"] = annulling.annullable(shown, request.user, now)
    return render(request, "orgs/unit.html", context)


def _names_of_old_place(shown: Unit) -> dict[str, object]:
    place, named = renaming.old_names(shown)
    return {"old_place": place, "old_names": named}


@require_http_methods(["GET", "POST"])
def add(request: SignedInRequest, code: str) -> HttpResponse:
    """Add a unit below this one."""
    now = timezone.now()
    parent = administered_unit(request, code, now)
    page = FormPage(
        heading=_("Add a unit below %(unit)s") % {"unit": naming.name_of(parent)},
        submit=_("Add unit"),
        cancel_url=reverse("orgs:unit", args=[parent.code]),
        crumbs=crumbs_to_unit(parent),
        done=_("Unit added."),
    )
    first = {"division_code": parent.division_code}
    form = NewUnitForm(request.POST or None, initial=first)
    return perform(request, form, partial(units.add_unit, parent=parent), page, now)


@require_http_methods(["GET", "POST"])
def change(request: SignedInRequest, code: str) -> HttpResponse:
    """Change a unit's name, kind or division code."""
    now = timezone.now()
    changed = administered_unit(request, code, now)
    page = FormPage(
        heading=_("Change %(unit)s") % {"unit": naming.name_of(changed)},
        submit=_("Save"),
        cancel_url=reverse("orgs:unit", args=[changed.code]),
        crumbs=crumbs_to_unit(changed),
        done=_("Unit changed."),
    )
    form = ChangeUnitForm(request.POST or None, initial=first_values(changed, ChangeUnitForm))
    return perform(request, form, partial(units.change_unit, unit=changed), page, now)


@require_http_methods(["GET", "POST"])
def move(request: SignedInRequest, code: str) -> HttpResponse:
    """Move a unit under another parent."""
    now = timezone.now()
    moved = administered_unit(request, code, now)
    page = FormPage(
        heading=_("Move %(unit)s") % {"unit": naming.name_of(moved)},
        submit=_("Move unit"),
        cancel_url=reverse("orgs:unit", args=[moved.code]),
        crumbs=crumbs_to_unit(moved),
        done=_("Unit moved."),
        consequences=[
            _("All units below it move too; cases, posts and their holders stay as they are."),
            _(
                "From then on officers of the new parent unit have access, and those of the old "
                "one do not."
            ),
        ],
    )
    parents = queries.administered(request.user, localdate(now)).open()
    parents = parents.exclude(path__startswith=moved.path).exclude(children=moved)
    form = MoveUnitForm(request.POST or None, units=parents)
    return perform(request, form, partial(units.move_unit, unit=moved), page, now)


@require_http_methods(["GET", "POST"])
def close(request: SignedInRequest, code: str) -> HttpResponse:
    """Close a unit."""
    now = timezone.now()
    closed = administered_unit(request, code, now)
    work = holdings.of_unit(closed, localdate(now))
    page = FormPage(
        heading=_("Close %(unit)s") % {"unit": naming.name_of(closed)},
        submit=_("Close unit"),
        cancel_url=reverse("orgs:unit", args=[closed.code]),
        crumbs=crumbs_to_unit(closed),
        done=_("The unit is closed."),
        consequences=[
            _("The unit can receive no new work; its history stays on record."),
            *_what_is_passed_on(work),
            _("First end its posts and close the units below it."),
        ],
        danger=True,
    )
    form = CloseUnitForm(
        request.POST or None,
        initial={"end_date": localdate(now)},
        heirs=queries.heirs(closed, request.user, localdate(now)),
        has_work=bool(work),
    )
    return perform(request, form, partial(units.close_unit, unit=closed), page, now)


def _what_is_passed_on(work: list[str]) -> list[str]:
    if not work:
        return [_("It has no open work.")]
    return [
        _("Its open work is transferred immediately to the unit you choose: %(work)s.")
        % {"work": formats.clauses(work)},
        _(
            "Deadlines continue. Cases from which the successor is excluded go to the unit above "
            "it."
        ),
        _("Imports of ledgers with the closed unit in an open row show the successor."),
    ]


def _crumbs_above(unit: Unit) -> list[Crumb]:
    above = list(reversed(Unit.objects.above(unit)))
    return [
        (_("Organisation"), reverse("orgs:organisation")),
        *((naming.name_of(each), reverse("orgs:unit", args=[each.code])) for each in above),
    ]


def _require_a_post(request: SignedInRequest, on: date) -> None:
    if not access.seats(request.user, on):
        raise PermissionDenied
