"""What comparing a photo's time and place found is said to those who check, and to nobody else."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils.html import escape

from bihuan.core.capture import PlaceVerdict, TimeVerdict
from bihuan.core.hazard import Stage
from bihuan.desk import dossier
from bihuan.desk.dossier import DOUBTFUL
from bihuan.files.models import StoredFile
from bihuan.files.wording import PLACES, TIMES
from tests.clock import PRESENT
from tests.desk.pages import a_case
from tests.factories import Cast

pytestmark = pytest.mark.django_db


def page_with(client: Client, cast: Cast, who: str, place: PlaceVerdict, time: TimeVerdict) -> str:
    case = a_case(cast, Stage.SUBMITTED)
    StoredFile.objects.update(capture_place=place, capture_time=time)
    client.force_login(getattr(cast, who))
    return client.get(case.get_absolute_url()).content.decode()


@pytest.mark.parametrize("time", TimeVerdict)
@pytest.mark.parametrize("place", PlaceVerdict)
def test_who_verifies_reads_both_verdicts(
    client: Client, cast: Cast, place: PlaceVerdict, time: TimeVerdict
) -> None:
    page = page_with(client, cast, "verifier", place, time)

    found = [
        *([str(PLACES[place])] if place is not PlaceVerdict.NONE else []),
        *([str(TIMES[time])] if time is not TimeVerdict.NONE else []),
    ]
    assert f"{escape(' · '.join(found))}</span>" in page if found else 'class="verdicts' not in page
    assert ("verdicts doubtful" in page) == bool({place, time} & DOUBTFUL)


@pytest.mark.parametrize("who", ["handler", "reporter"])
def test_who_does_not_check_reads_none(client: Client, cast: Cast, who: str) -> None:
    page = page_with(client, cast, who, PlaceVerdict.FAR, TimeVerdict.OLD)

    assert 'class="verdicts' not in page


def test_the_verdicts_belong_to_each_picture(cast: Cast) -> None:
    case = a_case(cast, Stage.SUBMITTED)
    StoredFile.objects.update(capture_place=PlaceVerdict.FAR, capture_time=TimeVerdict.NONE)

    shown = dossier.pictures(case, cast.verifier, PRESENT)

    assert [each.verdicts for each in shown.after] == [[str(PLACES[PlaceVerdict.FAR])]]
