"""Every refusal and every verdict is said in both languages."""

import pytest
from django.utils import translation

from bihuan.core.capture import PlaceVerdict, TimeVerdict
from bihuan.files import wording
from bihuan.files.models import StoredFile
from bihuan.files.refusals import FileRefused, Reason


@pytest.mark.parametrize("reason", Reason)
def test_every_refusal_names_the_file_and_what_to_do(reason: Reason) -> None:
    refusal = FileRefused(reason, name="前.jpg", limit=20 * 1024 * 1024)

    with translation.override("en"):
        text = wording.explain(refusal)

    assert text.startswith("“前.jpg” ")
    assert text.endswith(".")


def test_a_limit_is_said_in_megabytes() -> None:
    with translation.override("en"):
        text = wording.explain(FileRefused(Reason.TOO_LARGE, name="a", limit=20 * 1024 * 1024))

    assert text == "“a” is too large: at most 20 MB."


def test_every_verdict_has_words() -> None:
    assert set(wording.PLACES) == set(PlaceVerdict)
    assert set(wording.TIMES) == set(TimeVerdict)


def test_a_photo_says_what_its_check_found_and_a_document_nothing() -> None:
    photo = StoredFile(kind="photo", capture_place="place_far", capture_time="time_old")

    with translation.override("en"):
        found = wording.capture(photo)

    assert found == ["Not taken at the site", "Taken well before the stated time"]
    assert wording.capture(StoredFile(kind="document")) == []
