"""A photo shows the fix only where it comes from those who were given the work."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from bihuan.cases.actions import evidence
from bihuan.cases.actions.evidence import NotOfTheFix
from bihuan.cases.models import Case, Evidence, Participation
from bihuan.core.capture import PlaceVerdict
from bihuan.core.lifecycle import FactMissing
from bihuan.core.places import Point
from bihuan.core.powers import Power
from bihuan.core.refusal import SamePerson
from bihuan.hazards.actions import rectification, verification
from bihuan.orgs.models import User
from tests.factories import NOW, make_officer, make_photo
from tests.files.hostile import oracle, upload
from tests.hazards.district import District, assigned, report, submitted
from tests.sitemap import text_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
NO_PHOTO = "整改方没有提供照片"


def show(case: Case, actor: User, phase: str = "after") -> Case:
    return evidence.attach(
        case=case, actor=actor, now=NOW, uploads=[make_photo()], phase=phase, note="已修好"
    )


def started(d: District) -> Case:
    return rectification.start(case=assigned(d), actor=d.handler, now=NOW)


def test_a_checker_does_not_bring_the_only_photo_of_the_fix(d: District) -> None:
    case = started(d)

    for member in (d.verifier, d.coordinator, d.grid):
        with pytest.raises(NotOfTheFix):
            show(case, member)
    with pytest.raises(FactMissing):
        rectification.submit(case=case, actor=d.handler, now=NOW, note="已清理")


def test_what_came_to_be_there_another_way_counts_only_from_the_side_of_the_fix(
    d: District,
) -> None:
    case = started(d)
    with transaction.atomic():
        evidence.keep(case, [make_photo()], "after", actor=d.verifier, now=NOW)

    with pytest.raises(FactMissing):
        rectification.submit(case=case, actor=d.handler, now=NOW, note="已清理")


def test_a_colleague_of_the_fixing_side_shows_it_and_checks_no_more(d: District) -> None:
    colleague = make_officer(d.town, Power.HANDLE)
    case = show(started(d), colleague)

    assert Participation.objects.get(case=case, member=colleague).side == "fix"
    case = rectification.submit(case=case, actor=d.handler, now=NOW, note="已清理")
    assert case.stage == "submitted"


def test_before_the_work_is_given_out_nobody_shows_a_fix(d: District) -> None:
    with pytest.raises(NotOfTheFix):
        show(report(d), make_officer(d.village, *Power))


def test_what_comes_with_a_check_is_evidence_of_the_check(d: District) -> None:
    case = submitted(d)
    case = verification.verify(
        case=case, actor=d.verifier, now=NOW, note="属实", photos=[make_photo()]
    )
    case = verification.close(case=case, actor=d.leader, now=NOW)
    verification.recheck(
        case=case, actor=d.verifier, now=NOW + 30 * DAY, note="完好", photos=[make_photo()]
    )

    phases = Evidence.objects.filter(case=case).order_by("pk").values_list("phase", flat=True)
    assert list(phases) == ["after", "check", "check"]
    with pytest.raises(NotOfTheFix):
        show(report(d), d.verifier, "check")


def test_a_checker_does_not_show_the_fix_of_a_later_attempt(d: District) -> None:
    both = make_officer(d.county, Power.VERIFY, Power.HANDLE)
    case = verification.return_(case=submitted(d), actor=both, now=NOW, note="未清完")

    with pytest.raises((NotOfTheFix, SamePerson)):
        show(case, both)


def test_a_photo_of_a_check_that_shows_another_fix_is_flagged(d: District) -> None:
    first = submitted(d)
    photo = make_photo(seed=7)
    verification.verify(case=first, actor=d.verifier, now=NOW, note="属实", photos=[photo])
    second = started(d)
    photo.seek(0)
    rectification.submit(case=second, actor=d.handler, now=NOW, note="已清理", photos=[photo])

    flagged = Evidence.objects.get(case=second)
    assert flagged.reused_from is not None
    assert flagged.reused_from.case == first


def test_the_page_says_that_the_fix_has_no_photo_and_shows_those_of_the_check_apart(
    client: Client, d: District
) -> None:
    case = submitted(d)
    client.force_login(d.verifier)
    shown = text_of(client.get(case.get_absolute_url()))
    Evidence.objects.filter(case=case).delete()
    verification.verify(case=case, actor=d.verifier, now=NOW, note="属实", photos=[make_photo()])

    page = text_of(client.get(case.get_absolute_url()))

    assert NO_PHOTO not in shown
    assert NO_PHOTO in page
    assert "验收照片" in page


def test_the_form_offers_the_fix_to_those_who_do_it(client: Client, d: District) -> None:
    case = started(d)
    url = reverse("desk:move", args=[case.number, "attach"])

    client.force_login(d.handler)
    assert 'value="after"' in client.get(url).content.decode()
    client.force_login(d.verifier)
    page = client.get(url).content.decode()
    assert 'value="after"' not in page
    assert 'value="check"' not in page
    assert 'value="before"' in page


class _AtThatTime:
    """The models by the names that they had when the migration was written."""

    def get_model(self, app: str, name: str) -> type[Model]:
        return apps.get_model(app, {"Hand": "Participation"}.get(name, name))


def test_the_migration_sorts_out_what_those_who_checked_had_brought(d: District) -> None:
    case = verification.verify(
        case=submitted(d), actor=d.verifier, now=NOW, note="属实", photos=[make_photo()]
    )
    Evidence.objects.filter(case=case).update(phase="after")
    migration = import_module("bihuan.cases.migrations.0028_evidence_of_the_check")

    with transaction.atomic():
        migration.sort_out(_AtThatTime(), None)

    assert set(Evidence.objects.values_list("added_by", "phase")) == {
        (d.handler.pk, "after"), (d.verifier.pk, "check"),
    }  # fmt: skip


def test_the_database_refuses_evidence_of_a_check_from_the_public(d: District) -> None:
    case = submitted(d)

    with pytest.raises(IntegrityError, match="only_an_officer_ever_brings"):
        Evidence.objects.filter(case=case).update(
            phase="check", added_by=None, slot="reporter", shown_to="giver"
        )


@pytest.mark.parametrize(
    ("point", "verdict"),
    [
        (Point(43.4674, 11.8851), PlaceVerdict.MATCHES),
        (Point(25.0, 102.7), PlaceVerdict.FAR),
        (None, PlaceVerdict.NONE),
    ],
)
def test_a_photo_is_compared_with_the_place_of_its_case(
    district: District, point: Point | None, verdict: PlaceVerdict
) -> None:
    case = report(district, point=point)

    evidence.attach(
        case=case, actor=district.coordinator, now=NOW,
        uploads=[upload(oracle("DSCN0010.jpg"))], phase="before", note="",
    )  # fmt: skip

    assert Evidence.objects.get(case=case).file.capture_place == verdict
