"""A fix that was sent back: why it was, and what shows that it is done now."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client

from bihuan.cases.actions import extensions, undoing
from bihuan.cases.actions.evidence import NotNew
from bihuan.cases.models import Case, UndoableAct
from bihuan.core.hazard import Stage
from bihuan.core.lifecycle import FactMissing
from bihuan.hazards.actions import deadline_extension, rectification, verification
from tests.clock import PRESENT
from tests.desk.pages import a_case, page_of
from tests.factories import Cast, make_cast, make_photo, make_unit

pytestmark = pytest.mark.django_db

WHY = "井盖仍然松动，请重新固定后拍照。"
PHOTO = make_photo().read()
LATER = PRESENT + timedelta(minutes=20)


@pytest.fixture
def cast() -> Cast:
    return make_cast(make_unit(make_unit()))


@pytest.fixture
def returned(cast: Cast) -> Case:
    """Submitted with a photo, and sent back by the verifier."""
    case = rectification.submit(
        case=a_case(cast, Stage.RECTIFYING), actor=cast.handler, now=PRESENT, note="已固定。",
        photos=[SimpleUploadedFile("a.jpg", PHOTO)],
    )  # fmt: skip
    return verification.return_(case=case, actor=cast.verifier, now=PRESENT, note=WHY)


def test_photos_from_before_the_return_do_not_show_the_fix(cast: Cast, returned: Case) -> None:
    with pytest.raises(FactMissing):
        rectification.submit(case=returned, actor=cast.handler, now=LATER, note="已修好。")
    with pytest.raises(NotNew):
        rectification.submit(
            case=returned, actor=cast.handler, now=LATER, note="已修好。",
            photos=[SimpleUploadedFile("a.jpg", PHOTO)],
        )  # fmt: skip

    case = rectification.submit(
        case=returned, actor=cast.handler, now=LATER, note="已修好。", photos=[make_photo()]
    )

    assert case.stage == Stage.SUBMITTED


def test_a_return_that_is_undone_leaves_the_photos_as_they_were(cast: Cast) -> None:
    case = a_case(cast, Stage.SUBMITTED)
    case = verification.return_(case=case, actor=cast.verifier, now=PRESENT, note=WHY)
    made = UndoableAct.objects.filter(case=case).latest("seq")

    case = undoing.undo(case=case, seq=made.seq, actor=cast.verifier, now=PRESENT)

    assert case.returned_at is None
    assert case.has_after_evidence


def test_the_reason_is_on_the_form_and_the_case_until_the_fix_is_submitted_again(
    client: Client, cast: Cast, returned: Case
) -> None:
    on_case = page_of(client, cast.handler, returned)
    on_form = client.get(f"{returned.get_absolute_url()}submit/").content.decode()
    for page in (on_case.partition('id="timeline"')[0], on_form.partition("decision-form")[2]):
        assert WHY in page
        assert "赵验收" in page
    assert "退回前或重开前的照片" in on_form

    rectification.submit(
        case=returned, actor=cast.handler, now=LATER, note="已修好。", photos=[make_photo()]
    )

    page = page_of(client, cast.verifier, returned)
    assert WHY not in page.partition('id="timeline"')[0]


def test_a_photo_like_one_from_before_the_return_is_marked_for_the_verifier(
    client: Client, cast: Cast, returned: Case
) -> None:
    first = returned.evidence.get().file
    rectification.submit(
        case=returned, actor=cast.handler, now=LATER, note="已修好。", photos=[make_photo()]
    )
    second = returned.evidence.latest("pk").file
    second.perceptual_hash = first.perceptual_hash = 5
    first.save()
    second.save()

    assert "与本件以前的照片相似" in page_of(client, cast.verifier, returned)


def test_why_an_extension_was_refused_is_on_the_form_that_asks_again(
    client: Client, cast: Cast
) -> None:
    case = a_case(cast, Stage.ASSIGNED)
    until = (PRESENT + timedelta(days=40)).date()
    case = extensions.ask_extension(
        case=case, actor=cast.handler, now=PRESENT, until_date=until, note="材料未到。"
    )
    deadline_extension.decide_extension(
        case=case, actor=cast.leader, now=PRESENT, granted=False, note="可先临时固定。"
    )

    client.force_login(cast.handler)
    page = client.get(f"{case.get_absolute_url()}ask_extension/").content.decode()

    assert "可先临时固定。" in page.partition("decision-form")[2]


def test_the_migration_dates_the_returns_of_fixes_that_are_under_way(returned: Case) -> None:
    Case.objects.update(returned_at=None)
    migration = import_module("bihuan.cases.migrations.0045_when_work_was_sent_back")

    with transaction.atomic():
        migration._date(apps, SimpleNamespace(connection=connection))

    returned.refresh_from_db()
    assert returned.returned_at == PRESENT
