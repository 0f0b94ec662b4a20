"""What officers prove a sign-in with in addition to the password."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from bihuan.orgs.models import User


class CodeApp(models.Model):
    """The app that shows an officer a code every 30 seconds (TOTP, RFC 6238)."""

    member = models.OneToOneField(
        User, on_delete=models.CASCADE, primary_key=True, related_name="code_app"
    )
    # Encrypted under a key from `BIHUAN_SECRET_KEY` (`locking.py`).
    secret = models.TextField()
    # The time step of the last used code; that step and earlier ones are not accepted again.
    last_step = models.BigIntegerField()
    added_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"code app of {self.member_id}"


class Passkey(models.Model):
    """A device or security key that signs for an officer, on one host (WebAuthn)."""

    member = models.ForeignKey(User, on_delete=models.CASCADE, related_name="passkeys")
    name = models.CharField(max_length=60)
    host = models.CharField(max_length=253)
    credential = models.BinaryField(max_length=1023, unique=True)
    # The id and public key that the browser returned (`AttestedCredentialData`).
    attested = models.BinaryField(max_length=4096)
    # Increases with each use if the device counts; a value that does not increase indicates a copy.
    uses = models.BigIntegerField(default=0)
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "name"], name="passkey_name_once_for_officer")
        ]

    def __str__(self) -> str:
        return self.name


class RecoveryCode(models.Model):
    """A code on paper that can be used once; only its digest is stored."""

    member = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="recovery_codes", db_index=False
    )
    digest = models.BinaryField(max_length=32)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "digest"], name="recovery_code_once")
        ]

    def __str__(self) -> str:
        return f"recovery code of {self.member_id}"


class ProviderSubject(models.Model):
    """The subject of the identity provider (OpenID Connect) by which an officer signs in."""

    member = models.OneToOneField(
        User, on_delete=models.CASCADE, primary_key=True, related_name="provider_subject"
    )
    issuer = models.CharField(max_length=255)
    subject = models.CharField(max_length=255)
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    entered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="subject_of_one_officer")
        ]

    def __str__(self) -> str:
        return f"subject of {self.member_id}"


class Removal(models.Model):
    """A request to remove a lost second factor: one administrator asks, another confirms."""

    holder = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", db_index=False)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField()
    reason = models.CharField(max_length=200)
    confirmed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="nobody_confirms_the_removal_they_asked_for",
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("asked_by")),
            ),
            models.CheckConstraint(
                name="nobody_removes_their_own_lost_factor",
                condition=~Q(asked_by=F("holder"))
                & (Q(confirmed_by=None) | ~Q(confirmed_by=F("holder"))),
            ),
            models.CheckConstraint(
                name="confirmed_removal_has_always_ended",
                condition=Q(confirmed_by=None) | Q(ended_at__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["holder"],
                condition=Q(ended_at=None),
                name="one_open_removal_for_each_officer",
            ),
        ]

    def __str__(self) -> str:
        return f"removal for {self.holder_id}"
