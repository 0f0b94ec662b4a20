"""The timeline of any subject: who may open it, and what it shows."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.core.powers import OF_OFFICERS, Power
from bihuan.journal.actions import record
from bihuan.orgs.acts import OrgAct
from bihuan.web import subjects, timeline
from tests.conftest import CountQueries
from tests.factories import NOW, make_officer, make_post, make_unit

pytestmark = pytest.mark.django_db


def address(subject: str) -> str:
    return reverse("web:timeline", args=subject.split("/"))


def test_an_administrator_reads_who_changed_a_unit_and_its_posts(client: Client) -> None:
    unit = make_unit()
    administrator = make_officer(unit, Power.ADMINISTER)
    post = make_post(unit)
    record(unit.subject, OrgAct.CHANGE_UNIT, by=administrator, at=NOW, note="改名")
    record(post.subject, OrgAct.CHANGE_POST, by=administrator, at=NOW, note="改职权")
    client.force_login(administrator)

    of_unit = client.get(address(unit.subject)).content.decode()
    of_post = client.get(address(post.subject)).content.decode()

    assert "改名" in of_unit
    assert administrator.name in of_unit
    assert f'<a class="back" href="{reverse("orgs:unit", args=[unit.code])}">' in of_unit
    assert unit.name in of_unit
    assert "改职权" in of_post
    assert (
        address(unit.subject) in client.get(reverse("orgs:unit", args=[unit.code])).content.decode()
    )


ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def test_a_post_has_one_key(client: Client) -> None:
    """Any other would name no chain of the journal, and show an empty timeline."""
    unit = make_unit()
    client.force_login(make_officer(unit, Power.ADMINISTER))
    key = str(make_post(unit).pk)

    shown = {
        each: client.get(address(f"post/{each}")) for each in (f"0{key}", key.translate(ARABIC))
    }

    assert {each: answer.status_code for each, answer in shown.items()} == dict.fromkeys(shown, 404)


def test_others_find_no_timeline(client: Client) -> None:
    unit = make_unit()
    elsewhere = make_officer(make_unit(), Power.ADMINISTER)
    handler = make_officer(unit, *(set(Power) - {Power.ADMINISTER}))
    subjects = [unit.subject, make_post(unit).subject, "post/x", "post/9", "case/1", "umbrella/1"]

    for officer in (elsewhere, handler):
        client.force_login(officer)
        answers = {client.get(address(subject)).status_code for subject in subjects}
        assert answers == {404}


@pytest.mark.parametrize(
    "subject",
    [
        "breach/\0",
        "unit/\0",
        "post/\0",
        f"post/{10**18}",
        f"api-key/{10**30}",
        f"disposal/{10**30}",
        "disposal/٣",
        "unit/\u202e" + "x" * 3000,
    ],
)
def test_names_that_no_subject_has_are_not_found(client: Client, subject: str) -> None:
    client.force_login(make_officer(make_unit(), *Power))

    for url in (address(subject), reverse("files:attach", args=subject.split("/"))):
        assert client.get(url).status_code == 404
        assert client.post(url).status_code in (404, 405)


@pytest.mark.parametrize("kind", sorted(subjects._types))
@pytest.mark.parametrize("key", ["\0", "x", "٣", "-1", " 1", str(10**18), str(10**30)])
def test_no_type_of_subjects_fails_at_a_key_that_none_has(
    client: Client, kind: str, key: str
) -> None:
    client.force_login(make_officer(make_unit(), *OF_OFFICERS))

    assert client.get(address(f"{kind}/{key}")).status_code == 404
    assert client.get(reverse("files:attach", args=[kind, key])).status_code == 404


def test_what_the_type_has_no_words_for_is_not_shown(client: Client) -> None:
    unit = make_unit()
    administrator = make_officer(unit, Power.ADMINISTER)
    record(unit.subject, "hold", by=None, at=NOW, note="案件在查")
    client.force_login(administrator)

    assert "案件在查" not in client.get(address(unit.subject)).content.decode()


def test_it_is_paged_newest_first(client: Client) -> None:
    unit = make_unit()
    administrator = make_officer(unit, Power.ADMINISTER)
    for n in range(timeline.AT_ONCE + 5):
        record(unit.subject, OrgAct.CHANGE_UNIT, by=administrator, at=NOW, note=f"第{n}次")
    client.force_login(administrator)

    page = timeline.of(unit.subject)
    rest = client.get(address(unit.subject), {"before": page.earlier}).content.decode()
    part = client.get(
        address(unit.subject), {"before": page.earlier}, headers={"HX-Request": "true"}
    ).content.decode()

    assert [entry.note for entry in page.entries][:2] == ["第54次", "第53次"]
    assert len(page.entries) == timeline.AT_ONCE
    assert "第0次" in rest
    assert "<html" in rest
    assert "第0次" in part
    assert "<html" not in part


def test_what_the_timeline_is_about_is_loaded_once(
    client: Client, count_queries: CountQueries
) -> None:
    unit = make_unit()
    administrator, post = make_officer(unit, Power.ADMINISTER), make_post(unit)
    client.force_login(administrator)

    for subject, table in ((unit.subject, "orgs_unit"), (post.subject, "orgs_post")):
        client.get(address(subject))
        with count_queries() as queries:
            client.get(address(subject))
        about = [q["sql"] for q in queries if f'FROM "{table}" ' in q["sql"]]
        assert len(about) == 1, "\n".join(about)
