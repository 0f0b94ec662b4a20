"""Each round of the work is shown by a new photo of it, and by nothing else."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from PIL import Image, ImageDraw, ImageOps

from bihuan.cases.actions import evidence
from bihuan.cases.actions.evidence import NotNew
from bihuan.cases.models import Case, Evidence
from bihuan.cases.queries import prepared
from bihuan.core.hazard import Grade, Stage
from bihuan.core.lifecycle import FactMissing
from bihuan.desk import dossier
from bihuan.hazards.actions import rectification, reporting, verification
from bihuan.orgs.models import User
from tests.desk.pages import page_of
from tests.factories import NOW
from tests.files.hostile import upload
from tests.hazards.district import District, assigned, closed, photo, plan, report, submitted

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=20)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Size 2/Root 1 0 R>>\n%%EOF\n"


def submit(d: District, case: Case, *photos: SimpleUploadedFile, is_shown: bool = False) -> Case:
    return rectification.submit(
        case=case, actor=d.handler, now=LATER, note="已修好", photos=photos, is_shown=is_shown
    )


def document() -> SimpleUploadedFile:
    return SimpleUploadedFile("清单.pdf", PDF, "application/pdf")


def begun_again(d: District) -> Case:
    """Closed with a photo, reopened, and started again."""
    case = reporting.reopen(case=closed(d), actor=d.verifier, now=LATER, note="又堆上了")
    case = reporting.assign(case=case, plan=plan(d), actor=d.coordinator, now=LATER)
    return rectification.start(case=case, actor=d.handler, now=LATER)


def sent_back(d: District) -> Case:
    return verification.return_(
        case=submitted(d), actor=d.verifier, now=NOW + timedelta(minutes=1), note="没清"
    )


def test_after_a_reopening_the_photo_of_the_earlier_fix_does_not_pass(
    client: Client, d: District
) -> None:
    case = begun_again(d)
    with pytest.raises(NotNew):
        submit(d, case, photo())
    client.force_login(d.handler)
    page = client.get(f"{case.get_absolute_url()}submit/").content.decode()
    assert "退回前或重开前的照片不再作为整改证明" in page

    case = submit(d, case, photo(30))

    assert case.stage == Stage.SUBMITTED
    assert page_of(client, d.verifier, case).count("退回前或重开前的照片") == 1


def test_showing_it_to_others_does_not_make_an_old_photo_new(d: District) -> None:
    case = sent_back(d)

    with pytest.raises(NotNew):
        submit(d, case, photo(), is_shown=True)
    submit(d, case, photo(), photo(30), is_shown=True)

    first, second = Evidence.objects.filter(case=case).order_by("pk")
    assert (first.added_at, second.added_at) == (NOW, LATER)
    assert first.shown_to == second.shown_to == Evidence.Audience.CODES


def test_a_document_does_not_show_the_fix_but_may_stand_beside_a_photo(d: District) -> None:
    case = rectification.start(case=assigned(d), actor=d.handler, now=NOW)
    with pytest.raises(FactMissing):
        submit(d, case, document())
    evidence.attach(case=case, actor=d.handler, now=NOW, uploads=[document()], phase="after")
    case.refresh_from_db()
    with pytest.raises(FactMissing):
        submit(d, case)

    assert submit(d, case, document(), photo()).stage == Stage.SUBMITTED


def test_a_photo_of_the_hazard_is_not_taken_as_one_of_the_fix(d: District) -> None:
    case = report(d)
    with transaction.atomic():
        evidence.keep(case, [photo()], "before", actor=d.grid, now=NOW)
    case = reporting.confirm(case=case, actor=d.coordinator, now=NOW, grade=Grade.GENERAL)
    case = reporting.assign(case=case, plan=plan(d), actor=d.coordinator, now=NOW)
    case = rectification.start(case=case, actor=d.handler, now=NOW)

    with pytest.raises(NotNew):
        submit(d, case, photo())
    with pytest.raises(NotNew):
        evidence.attach(case=case, actor=d.handler, now=NOW, uploads=[photo()], phase="after")


def scene() -> Image.Image:
    chance = random.Random(2)
    picture = Image.new("RGB", (400, 300), (90, 120, 30))
    draw = ImageDraw.Draw(picture)
    for _ in range(40):
        x, y = chance.randrange(400), chance.randrange(300)
        corner = (x + chance.randrange(10, 90), y + chance.randrange(10, 90))
        draw.rectangle((x, y, *corner), fill=chance.randrange(2**24))
    return picture


def sent(picture: Image.Image) -> SimpleUploadedFile:
    out = BytesIO()
    picture.save(out, "JPEG")
    return upload(out.getvalue(), "fix.jpg")


@pytest.mark.parametrize("change", [ImageOps.mirror, ImageOps.flip, lambda each: each.rotate(180)])
def test_a_mirrored_or_upside_down_photo_is_marked_for_those_who_check(
    d: District, change: Callable[[Image.Image], Image.Image]
) -> None:
    case = sent_back(d)
    with transaction.atomic():
        evidence.keep(case, [sent(scene())], "after", actor=d.handler, now=NOW)
    case = submit(d, case, sent(change(scene())))
    (case,) = prepared.case_numbered(case.number)

    def marks(reader: User) -> list[bool]:
        return [each.is_repeated for each in dossier.pictures(case, reader, LATER).after]

    assert marks(d.verifier)[-1]
    assert sum(marks(d.verifier)) == 1
    assert not any(marks(d.handler))


def test_a_fix_may_look_like_the_photo_of_the_problem(d: District) -> None:
    case = sent_back(d)
    with transaction.atomic():
        evidence.keep(case, [sent(scene())], "before", actor=d.handler, now=NOW)
    mended = scene()
    ImageDraw.Draw(mended).rectangle((180, 120, 230, 160), fill="white")
    case = submit(d, case, sent(mended))
    (case,) = prepared.case_numbered(case.number)

    assert not any(each.is_repeated for each in dossier.pictures(case, d.verifier, LATER).after)
