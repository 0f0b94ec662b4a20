"""A fix shown by the photo of another fix is flagged; what the public sent is tied to nothing."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from bihuan.cases.actions import evidence
from bihuan.cases.models import REPORTER, Case, Evidence, Exclusion
from bihuan.core.hazard import Stage
from bihuan.desk import dossier
from bihuan.orgs.models import User
from tests.cases.public import make_office, told
from tests.clock import PRESENT
from tests.desk.pages import a_case
from tests.factories import Cast, make_photo

pytestmark = pytest.mark.django_db

PHOTO = make_photo(seed=7).read()


def photo() -> SimpleUploadedFile:
    """The same picture each time."""
    return SimpleUploadedFile("photo.jpg", BytesIO(PHOTO).getvalue(), "image/jpeg")


def kept(case: Case, actor: User | None, phase: str = "after") -> Evidence:
    slot = "" if actor else REPORTER
    with transaction.atomic():
        return evidence.keep(case, [photo()], phase, actor=actor, now=PRESENT, slot=slot)[0]


def flag(case: Case, reader: User) -> tuple[bool, str]:
    """Whether its only photo of the fix is flagged, and which case is named."""
    [picture] = dossier.pictures(case, reader, PRESENT).after
    return picture.is_reused, picture.reused_number


def test_two_reports_with_the_same_photo_are_not_shown_to_be_of_one_hand() -> None:
    office = make_office()
    first, second = (told(office.town, kind="grievance").case for _ in range(2))

    rows = [kept(first, None, "before"), kept(second, None, "before")]

    assert [row.reused_from for row in rows] == [None, None]
    for case in (first, second):
        shown = dossier.pictures(case, office.supervisor, PRESENT)
        assert not any(picture.is_reused for picture in shown.before)


@pytest.mark.parametrize("phase", ["before", "document"])
def test_only_photos_of_fixes_are_compared(cast: Cast, phase: str) -> None:
    first, second = a_case(cast, Stage.RECTIFYING), a_case(cast, Stage.RECTIFYING)
    kept(first, cast.handler, phase)

    assert kept(second, cast.handler).reused_from is None
    assert kept(first, cast.handler, "before").reused_from is None


def test_a_photo_of_the_public_is_no_proof_against_an_officer(cast: Cast) -> None:
    first, second = a_case(cast, Stage.RECTIFYING), a_case(cast, Stage.RECTIFYING)
    kept(first, None, "before")

    assert kept(second, cast.handler).reused_from is None


def test_a_case_that_is_shut_masks_neither_the_flag_nor_the_other_cases(
    client: Client, cast: Cast
) -> None:
    shut, other, here = (a_case(cast, Stage.RECTIFYING) for _ in range(3))
    for case in (shut, other, here):
        kept(case, cast.handler)
    Exclusion.objects.create(case=shut, member=cast.verifier, cause="interest", added_at=PRESENT)

    assert flag(here, cast.leader) == (True, shut.number)
    assert flag(here, cast.verifier) == (True, other.number)
    assert flag(other, cast.verifier) == (True, "")
    client.force_login(cast.verifier)
    assert shut.number not in client.get(here.get_absolute_url()).content.decode()


def test_who_does_not_check_is_shown_no_flag(cast: Cast) -> None:
    first, here = a_case(cast, Stage.RECTIFYING), a_case(cast, Stage.RECTIFYING)
    for case in (first, here):
        kept(case, cast.handler)

    assert flag(here, cast.handler) == (False, "")
