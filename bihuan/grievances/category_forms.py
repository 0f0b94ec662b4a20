"""Forms for the office's subject tree."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.cases import kinds
from bihuan.core.grievance import GRIEVANCE
from bihuan.grievances import categories
from bihuan.grievances.models import Category
from bihuan.web.fields import line


class CategoryForm(forms.Form):
    """A category's names, the kind of case of its reports, and whether the public may choose it."""

    name = line(_("Name"), length=80)
    name_en = line(_("English name"), length=120, required=False)
    kind = forms.ChoiceField(
        label=_("Kind of case for these reports"),
        choices=kinds.choices,
        initial=GRIEVANCE.kind,
        widget=forms.RadioSelect,
    )
    is_offered = forms.BooleanField(
        label=_("Available to the public"),
        initial=True,
        required=False,
        help_text=_("Only categories without subcategories are shown."),
    )

    @classmethod
    def first_values(cls, category: Category) -> dict[str, object]:
        return {name: getattr(category, name) for name in cls.base_fields}


class MoveForm(forms.Form):
    """The new parent of a category."""

    parent = forms.ChoiceField(label=_("Category above"), required=False)
    reason = line(_("Reason"), required=False)

    def __init__(self, *args: Any, category: Category, **options: Any) -> None:
        super().__init__(*args, **options)
        nodes = [node for top in categories.tree() for node in top.walk()]
        fitting = [node for node in nodes if node.depth < categories.LEVELS - 1]
        self.parents = {node.category.code: node.category for node in fitting}
        field = self.fields["parent"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            ("", _("None: top level")),
            *((n.category.code, n.full_name) for n in fitting),
        ]
        self.initial.setdefault("parent", category.parent.code if category.parent else "")

    def clean_parent(self) -> Category | None:
        return self.parents.get(self.cleaned_data["parent"])


class RetireForm(forms.Form):
    reason = line(_("Reason"))


class ConfirmForm(forms.Form):
    """A form without fields: only the confirmation is needed."""
