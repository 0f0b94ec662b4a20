"""The forms of a page as a browser without scripts sees them, and somebody who fills them in."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlsplit

from django.utils.timezone import localdate

from tests.clock import PRESENT
from tests.factories import make_photo

Given = str | bytes | bool | Iterable[object] | None
CONTROLS = ("input", "select", "textarea", "button")
TODAY = localdate(PRESENT).isoformat()
WORDS = "已到现场查看，情况属实。"
# What somebody types where a form insists, by the type of the control.
TYPED = {
    "date": TODAY,
    "datetime-local": f"{TODAY}T15:00",
    "time": "09:00",
    "number": "5",
    "email": "citizen@example.org",
    "password": "Quiet-Lantern-48",
    "checkbox": "on",
}


@dataclass
class Control:
    """One name in a form: what stands in it, and what may be chosen."""

    name: str
    kind: str
    values: list[str] = field(default_factory=list)
    choices: list[str] = field(default_factory=list)
    is_required: bool = False


@dataclass
class Form:
    """One form of a page."""

    action: str
    is_post: bool
    controls: dict[str, Control] = field(default_factory=dict)

    def filled(self, given: Mapping[str, Given]) -> list[tuple[str, str | bytes]]:
        """What a browser would send: what stands there, what is given, and what is insisted on."""
        sent: list[tuple[str, str | bytes]] = []
        for name, control in self.controls.items():
            values = _said(given[name]) if name in given else _standing(control)
            sent += [(name, value) for value in values]
        return sent


def _said(value: Given) -> list[str | bytes]:
    if value is None or value is False:
        return []
    if value is True:
        return ["on"]
    if isinstance(value, str | bytes):
        return [value]
    return [each if isinstance(each, bytes) else str(each) for each in value]


def _standing(control: Control) -> list[str | bytes]:
    if control.kind in ("submit", "button"):
        return []
    if any(control.values) or not control.is_required:
        return [value for value in control.values if control.kind != "file"]
    if control.kind == "file":
        return [make_photo().read()]
    if control.choices:
        return [next(filter(None, control.choices))]
    return [TYPED.get(control.kind, WORDS)]


class Forms(HTMLParser):
    """Reads all forms of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._select: Control | None = None
        self._area: Control | None = None
        self.feed(page)

    def to(self, path: str, here: str, names: Collection[str] = ()) -> Form:
        """The form with these names that is sent to this path, on the page from `here`."""
        for form in self.forms:
            is_it = form.is_post and (urlsplit(form.action).path or here) == path
            if is_it and form.controls.keys() >= set(names):
                return form
        raise AssertionError(f"{here} has no form that is sent to {path} with {sorted(names)}")

    def handle_starttag(self, tag: str, given: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in given}
        if tag == "form":
            self._form = Form(values.get("action", ""), values.get("method", "") == "post")
            self.forms.append(self._form)
        elif tag == "option" and self._select is not None:
            self._option(values)
        elif tag in CONTROLS and values.get("name") and self._form and "form" not in values:
            self._control(self._form, tag, values)

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            # A browser leaves out the line feed that follows the tag.
            self._area.values = ["".join(self._area.values) + data.removeprefix("\n")]

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._chosen_by_itself()
            self._select = None
        elif tag == "textarea":
            self._area = None
        elif tag == "form":
            self._form = None

    def _control(self, form: Form, tag: str, answer: Mapping[str, str]) -> None:
        kind = answer.get("type", "text") if tag in ("input", "button") else tag
        name = answer["name"]
        control = form.controls.setdefault(name, Control(name, kind))
        control.is_required |= "required" in answer
        if tag == "select":
            self._select = control
        elif tag == "textarea":
            self._area = control
        elif kind in ("radio", "checkbox"):
            control.choices.append(answer.get("value", "on"))
            if "checked" in answer:
                control.values.append(answer.get("value", "on"))
        elif kind in ("submit", "button"):
            control.choices.append(answer.get("value", ""))
        else:
            control.values.append(answer.get("value", ""))

    def _option(self, answer: Mapping[str, str]) -> None:
        assert self._select is not None
        self._select.choices.append(answer.get("value", ""))
        if "selected" in answer:
            self._select.values.append(answer.get("value", ""))

    def _chosen_by_itself(self) -> None:
        """A browser shows the first option where none is selected."""
        if self._select is not None and not self._select.values:
            self._select.values = self._select.choices[:1]
