"""What is filled in to confirm a draft, and to withdraw it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.orgs.models import Post
from bihuan.orgs.naming import name_of
from bihuan.web.fields import day, line, prose


class ConfirmForm(forms.Form):
    """Where and when the official text was read, and for which post."""

    reference = line(
        _("Where you read the official text"),
        length=300,
        help_text=_("Its number and article, or the address of the official page."),
    )
    read_date = day(_("Day on which you read it"))
    post = forms.TypedChoiceField(label=_("For which post you confirm it"))

    def __init__(self, *args: Any, posts: Sequence[Post], **options: Any) -> None:
        super().__init__(*args, **options)
        post = self.fields["post"]
        assert isinstance(post, forms.TypedChoiceField)
        post.choices = [(str(each.pk), f"{name_of(each.unit)} · {each.title}") for each in posts]
        post.coerce = {str(each.pk): each for each in posts}.__getitem__


class WithdrawForm(forms.Form):
    note = prose(_("Reason"), rows=2)
