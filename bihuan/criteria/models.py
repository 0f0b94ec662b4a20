"""Which recalled criteria an officer has compared with the official text."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from bihuan.orgs.models import Post

SUBJECT = "criterion"


class Confirmation(models.Model):
    """A draft item that an officer found equal to the official text; it may be used once a second
    officer found the same.

    It holds for one version of one list; it can be withdrawn, and what was stated never changes.
    """

    list_key = models.CharField(max_length=20)
    version = models.CharField(max_length=40)
    item_key = models.CharField(max_length=20)
    # Where the official text was read: its number, page or address.
    reference = models.CharField(max_length=300)
    read_date = models.DateField()
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", db_index=False)
    confirmed_at = models.DateTimeField()
    # The second officer's post.
    second_post = models.ForeignKey(
        Post, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    seconded_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["list_key", "version", "item_key"],
                condition=Q(withdrawn_at=None),
                name="criterion_confirmed_once",
            ),
            models.CheckConstraint(
                name="criterion_withdrawn_after_its_confirmation",
                condition=Q(withdrawn_at=None) | Q(withdrawn_at__gte=F("confirmed_at")),
            ),
            models.CheckConstraint(
                name="criterion_seconded_exactly_by_a_post",
                condition=Q(second_post=None, seconded_at=None)
                | Q(second_post__isnull=False, seconded_at__gte=F("confirmed_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.list_key}/{self.item_key}"

    def get_absolute_url(self) -> str:
        return reverse("criteria:list", args=[self.list_key, self.version])

    @property
    def is_usable(self) -> bool:
        return self.seconded_at is not None and self.withdrawn_at is None

    @property
    def subject(self) -> str:
        """The name of its chain in the journal."""
        return f"{SUBJECT}/{self.pk}"
