"""The roots go once a day to an address outside this house."""

from datetime import timedelta

import pytest
from django.core import mail
from pytest_django import Settings

from bihuan.journal import handed_out, sealing
from bihuan.journal.actions import record
from bihuan.journal.models import Anchor
from bihuan.web import work
from tests.factories import NOW

pytestmark = pytest.mark.django_db

JOB = next(job for job in work.jobs() if job.name == "mail the roots")


@pytest.fixture(autouse=True)
def _roots(settings: Settings) -> None:
    settings.SMTP_URL, settings.ROOTS_TO = "smtp://localhost", "records@archive.example"
    for days in (0, 5):
        record("case/1", "note", by=None, at=NOW + timedelta(days=days))
        sealing.seal(now=NOW + timedelta(days=days, hours=1))


def test_the_latest_roots_are_mailed_and_can_be_taken_back() -> None:
    result = JOB.function(NOW + timedelta(days=6))

    (sent,) = mail.outbox
    (root,) = handed_out.read(sent.body.splitlines())
    assert result == {"roots": 1}
    assert sent.to == ["records@archive.example"]
    assert root.root == bytes(Anchor.objects.latest("until_at").root)


@pytest.mark.parametrize("missing", ["SMTP_URL", "ROOTS_TO"])
def test_without_an_address_or_a_server_nothing_is_mailed(settings: Settings, missing: str) -> None:
    setattr(settings, missing, "")

    assert JOB.function(NOW + timedelta(days=6)) == {"roots": 0}
    assert mail.outbox == []
