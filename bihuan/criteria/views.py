"""The catalogue of lists, one list with its items, and the confirmation of drafts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.core.refusal import Refusal
from bihuan.core.rules import Bilingual
from bihuan.criteria import actions, lists, queries, wording
from bihuan.criteria.forms import ConfirmForm, WithdrawForm
from bihuan.criteria.lists import CriteriaList, Item
from bihuan.criteria.models import Confirmation
from bihuan.orgs.http import SignedInRequest


def _said(text: Bilingual) -> str:
    return text.in_language(get_language() or "zh")


@dataclass(frozen=True)
class ShownList:
    """A list on the catalogue's page."""

    list: CriteriaList
    sector: str
    title: str
    source: str
    is_in_force: bool
    drafts: int
    usable: int

    @property
    def url(self) -> str:
        return reverse("criteria:list", args=[self.list.key, self.list.version])


@dataclass(frozen=True)
class ShownItem:
    """An item with its state."""

    list: CriteriaList
    item: Item
    text: str
    other: str
    parts: tuple[str, ...]
    join: Promise | str
    confidence: Promise
    confirmation: Confirmation | None

    @property
    def id(self) -> str:
        return f"{self.list.key}/{self.item.key}"

    @property
    def is_usable(self) -> bool:
        return not self.item.is_draft or self.confirmation is not None


@require_safe
def catalogue(request: SignedInRequest) -> HttpResponse:
    """List the lists in force; all versions on request; and search their items."""
    now = timezone.now()
    on, words = localdate(now), request.GET.get("q", "").replace("\x00", "").strip()[:100]
    past = request.GET.get("state") == "past"
    known = queries.confirmed()
    shown = [each for each in lists.every() if each.in_force(on) is not past]
    found = _search(words, shown, known) if words else []
    context = {
        "rows": [_list(each, on, known) for each in shown],
        "found": found[:50],
        "more": max(len(found) - 50, 0),
        "words": words,
        "is_past": past,
        "tabs": [("?", _("In force"), not past), ("?state=past", _("Not in force"), past)],
    }
    return render(request, "criteria/catalogue.html", context)


def _list(each: CriteriaList, on: date, known: queries.Confirmed) -> ShownList:
    drafts = [item for item in each.items if not queries.is_usable(each, item, known)]
    return ShownList(
        each,
        _said(each.sector),
        _said(each.title),
        _said(each.source),
        each.in_force(on),
        len(drafts),
        len(each.items) - len(drafts),
    )


def _search(words: str, among: list[CriteriaList], known: queries.Confirmed) -> list[ShownItem]:
    sought = words.lower().split()
    return [
        _item(each, item, known)
        for each in among
        for item in each.items
        if all(word in _haystack(each, item) for word in sought)
    ]


def _haystack(each: CriteriaList, item: Item) -> str:
    texts = (item.text, *item.parts, each.sector, each.title)
    said = " ".join(f"{text.zh} {text.en}" for text in texts)
    return f"{each.key}/{item.key} {each.number} {said}".lower()


def _item(each: CriteriaList, item: Item, known: queries.Confirmed) -> ShownItem:
    text = _said(item.text)
    return ShownItem(
        each,
        item,
        text,
        item.text.en if text == item.text.zh else item.text.zh,
        tuple(_said(part) for part in item.parts),
        wording.JOINS.get(item.join, ""),
        wording.CONFIDENCES[item.confidence],
        known.get(queries.key_of(each, item)),
    )


@require_safe
def one(request: SignedInRequest, key: str, version: str) -> HttpResponse:
    """Show a list with its document and its items."""
    now = timezone.now()
    found = _found(key, version)
    known = queries.confirmed()
    context = {
        "list": found,
        "shown": _list(found, localdate(now), known),
        "scope": _said(found.scope),
        "items": [_item(found, item, known) for item in found.items],
        "may_confirm": queries.may_confirm(request.user, now),
        "back_url": reverse("criteria:catalogue"),
        "back_label": _("Criteria for major hazards"),
    }
    return render(request, "criteria/list.html", context)


def _found(key: str, version: str) -> CriteriaList:
    found = lists.version(key, version)
    if found is None:
        raise Http404
    return found


def _item_of(request: SignedInRequest, found: CriteriaList, item: str, now: datetime) -> Item:
    """Return the item if this officer confirms drafts; else 404."""
    there = found.item(item)
    if there is None or not queries.may_confirm(request.user, now):
        raise Http404
    return there


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: SignedInRequest, key: str, version: str, item: str) -> HttpResponse:
    """Confirm a draft against the official text."""
    now = timezone.now()
    found = _found(key, version)
    there = _item_of(request, found, item, now)
    posts = list(queries.posts_to_confirm(request.user, now))
    known = queries.confirmed().get(queries.key_of(found, there))
    form = ConfirmForm(
        request.POST or None,
        posts=posts,
        initial={"read_date": localdate(now), "post": posts[0].pk if posts else None},
    )
    if form.is_valid():
        try:
            made = actions.confirm(
                criteria=found, item=there, actor=request.user, now=now, **form.cleaned_data
            )
        except Refusal as refusal:
            form.add_error(None, wording.explain(refusal))
        else:
            messages.success(
                request,
                _("Confirmed. It may be used from now on.")
                if made.is_usable
                else _("Compared. It may be used once a second officer has confirmed it."),
            )
            return redirect("criteria:list", key, version)
    heading = _("Confirm as the second officer") if known else _("Compare a draft criterion")
    return _page(request, form, found, there, heading)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: SignedInRequest, key: str, version: str, item: str) -> HttpResponse:
    """Withdraw the confirmation of a draft."""
    now = timezone.now()
    found = _found(key, version)
    there = _item_of(request, found, item, now)
    form = WithdrawForm(request.POST or None)
    if form.is_valid():
        try:
            actions.withdraw(
                criteria=found, item=there, actor=request.user, now=now, **form.cleaned_data
            )
        except Refusal as refusal:
            form.add_error(None, wording.explain(refusal))
        else:
            messages.success(request, _("Withdrawn. It is a draft again."))
            return redirect("criteria:list", key, version)
    return _page(request, form, found, there, _("Withdraw the confirmation"))


def _page(
    request: SignedInRequest,
    form: ConfirmForm | WithdrawForm,
    found: CriteriaList,
    item: Item,
    heading: str,
) -> HttpResponse:
    here = reverse("criteria:list", args=[found.key, found.version])
    context = {
        "form": form,
        "heading": heading,
        "intro": f"{found.key}/{item.key} {_said(item.text)}",
        "submit": heading,
        "cancel_url": here,
        "crumbs": [
            (_("Criteria for major hazards"), reverse("criteria:catalogue")),
            (found.key, here),
        ],
    }
    return render(request, "web/form_page.html", context)
