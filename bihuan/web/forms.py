"""Forms of every part."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Generic, TypeVar
from uuid import UUID, uuid4

from django import forms
from django.http import QueryDict

from bihuan.core.refusal import Refusal
from bihuan.core.resent import mark_of

D = TypeVar("D", covariant=True)


class DataForm(forms.Form, Generic[D]):
    """A form whose cleaned values are an instance of the class in `gives`, which has its fields."""

    gives: Callable[..., D]
    # Fields that are no part of it: they only confirm, or are read separately.
    left_out: ClassVar[frozenset[str]] = frozenset()

    def given(self) -> D:
        """Return the cleaned values as an action takes them."""
        data = {name: v for name, v in self.cleaned_data.items() if name not in self.left_out}
        return self.gives(**data)


def done(form: forms.Form, act: Callable[[], object], explain: Callable[[Refusal], Any]) -> bool:
    """Whether the act succeeded; if it was refused, the form says why."""
    try:
        act()
    except Refusal as refusal:
        form.add_error(None, explain(refusal))
        return False
    return True


class OnceForm(forms.Form):
    """A form that takes effect once, however often it is sent; with other content it is another
    one.
    """

    # A page opened before this release was installed has none.
    form_key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial.setdefault("form_key", uuid4())

    def mark(self, *about: str) -> UUID | None:
        """Return what is stored of the form: a digest of its key, its content and its subject."""
        key = self.data.get("form_key", "")
        if not key:
            return None
        names = [name for name in self.fields if name != "form_key"]
        sent = [part for name in names for part in (name, *self._sent(name))]
        return mark_of(key, *about, *sent)

    def arguments(self) -> dict[str, Any]:
        """Return the cleaned values without the key."""
        return {name: value for name, value in self.cleaned_data.items() if name != "form_key"}

    def _sent(self, name: str) -> list[str]:
        data = self.data
        return data.getlist(name) if isinstance(data, QueryDict) else [str(data.get(name, ""))]
