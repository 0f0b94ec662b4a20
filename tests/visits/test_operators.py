"""Users of an operator see their own sites, papers and cases, and reach nothing else."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.cases.models import Case
from bihuan.core.powers import Power
from bihuan.core.refusal import Missing, NotAllowed
from bihuan.files import actions as files
from bihuan.files.models import Attachment
from bihuan.journal.queries import verify
from bihuan.orgs import access, operators
from bihuan.orgs.models import Post, Unit, User
from bihuan.sites.models import Site, SitePaper
from bihuan.visits import operating
from bihuan.visits.actions import inviting, submitting
from bihuan.visits.refusals import DecidedAlready
from bihuan.visits.submitted import PaperSubmission
from tests.factories import (
    NOW,
    TODAY,
    make_case,
    make_officer,
    make_photo,
    make_post,
    make_site,
    make_tenure,
    make_unit,
)
from tests.sitemap import addresses, routes
from tests.visits.firm import Firm, make_site_with, submitted
from tests.visits.scene import Scene, make_binding, make_visit

pytestmark = pytest.mark.django_db
PASSWORD = "Quiet-Lantern-47"


# ------------------------------------------------------------------------ sight
def test_an_operator_sees_the_sites_of_its_unit_only(firm: Firm, scene: Scene) -> None:
    scene.site()
    closed = make_site(scene.village, operator_unit=firm.unit)
    Site.objects.filter(pk=closed.pk).update(closed_at=NOW)

    assert [*operating.operated_by(firm.user, NOW)] == [firm.site]


def test_cases_are_shown_where_the_operator_is_the_unit_in_charge(firm: Firm, scene: Scene) -> None:
    own, others = make_case(firm.unit), make_case(scene.village)
    secret, excluded = make_case(firm.unit), make_case(firm.unit)
    Case.objects.filter(pk=secret.pk).update(is_confidential=True)
    excluded.exclusions.create(unit=scene.village, since_at=NOW, added_at=NOW)
    make_site_with(firm.site, own, others, secret, excluded)

    assert [*operating.cases_of(firm.site)] == [own]


def test_the_page_of_a_site_shows_no_visit_note_or_officer(
    client: Client, firm: Firm, scene: Scene
) -> None:
    make_visit(make_binding(firm.site, scene.post), note="门卫室没有人")
    client.force_login(firm.user)

    shown = client.get(reverse("visits:operated-site", args=[firm.site.pk])).content.decode()

    assert "液化气站" in shown
    assert "门卫室没有人" not in shown
    assert "网格员" not in shown


def test_an_operator_reaches_only_what_is_its_own(client: Client, firm: Firm, scene: Scene) -> None:
    other = make_site(scene.village, operator_unit=make_unit(kind=Unit.Kind.ENTERPRISE))
    foreign = PaperSubmission.objects.create(site=other, kind="business_licence", submitted_at=NOW)
    client.force_login(firm.user)
    numbers = {"operated-site": other.pk, "submit-paper": other.pk, "take-back-paper": foreign.pk}

    for name, pk in numbers.items():
        url = reverse(f"visits:{name}", args=[pk])
        assert client.post(url, {"kind": "business_licence"}).status_code in (404, 405)
        assert client.get(url).status_code in (404, 405)
    assert client.get(reverse("visits:operated")).status_code == 200


def test_all_other_pages_are_closed_to_an_operator_of_a_site(client: Client, firm: Firm) -> None:
    """Filled in with what exists: the operator's own site, unit and post."""
    client.force_login(firm.user)
    post = firm.user.tenures.get().post

    def fillings(_route: object, _name: str) -> list[object]:
        return [firm.site.pk, firm.unit.code, post.pk, firm.user.username]

    found = [
        address
        for route, address in addresses(fillings)
        if not route.is_public and not operators.is_open(route.name) and route.name != "desk:today"
    ]

    assert {address for address in found if client.get(address).status_code != 404} == set()
    assert client.get("/desk/").headers["Location"] == reverse("visits:operated")


def test_pages_for_operators_are_not_found_by_officers(
    client: Client, firm: Firm, scene: Scene
) -> None:
    client.force_login(scene.coordinator)

    for name in ("operated-site", "submit-paper"):
        assert client.get(reverse(f"visits:{name}", args=[firm.site.pk])).status_code == 404
    assert client.get(reverse("visits:operated")).status_code == 404


def test_the_side_bar_of_an_operator_has_its_own_pages(client: Client, firm: Firm) -> None:
    client.force_login(firm.user)

    shown = client.get(reverse("visits:operated")).content.decode()

    known = {route.name for route in routes() if not operators.is_open(route.name)}
    closed = {reverse(name) for name in ("desk:ledger", "sites:sites", "web:find")}
    assert reverse("visits:operated") in shown
    assert not any(f'href="{url}"' in shown for url in closed)
    assert "desk:ledger" in known


# ------------------------------------------------------------------------ papers
def test_a_submitted_paper_counts_once_an_officer_accepts_it(firm: Firm) -> None:
    submission = submitted(firm, uploads=[files.check(make_photo())])
    assert not SitePaper.objects.exists()

    paper = submitting.accept(submission=submission, actor=firm.regulator, now=NOW)

    submission.refresh_from_db()
    assert (paper.site, paper.number, submission.paper) == (firm.site, "云执照12号", paper)
    assert Attachment.objects.filter(subject=paper.subject).count() == 1
    assert not [*verify().findings]


def test_the_same_form_submits_one_paper(firm: Firm) -> None:
    key = uuid4()

    first, again = (submitted(firm, form_key=key) for _ in range(2))

    assert first == again


def test_a_refused_paper_has_a_reason_that_the_operator_reads(
    client: Client, firm: Firm, scene: Scene
) -> None:
    submission = submitted(firm)

    with pytest.raises(Missing):
        submitting.refuse(submission=submission, reason=" ", actor=scene.coordinator, now=NOW)
    submitting.refuse(submission=submission, reason="照片不清", actor=scene.coordinator, now=NOW)
    client.force_login(firm.user)

    shown = client.get(reverse("visits:operated-site", args=[firm.site.pk])).content.decode()
    assert "照片不清" in shown


def test_a_paper_is_decided_once(firm: Firm, scene: Scene) -> None:
    submission = submitted(firm)
    submitting.withdraw(submission=submission, actor=firm.user, now=NOW)

    with pytest.raises(DecidedAlready):
        submitting.accept(submission=submission, actor=scene.coordinator, now=NOW)
    with pytest.raises(DecidedAlready):
        submitting.refuse(submission=submission, reason="晚了", actor=scene.coordinator, now=NOW)


def test_only_the_operator_submits_and_only_officers_of_the_site_decide(
    firm: Firm, scene: Scene
) -> None:
    submission = submitted(firm)
    stranger = make_officer(make_unit(), Power.COORDINATE)

    for actor in (scene.coordinator, stranger):
        with pytest.raises(NotAllowed):
            submitted(firm, actor=actor)
    for actor in (firm.user, stranger):
        with pytest.raises(NotAllowed):
            submitting.accept(submission=submission, actor=actor, now=NOW)
        with pytest.raises(NotAllowed):
            submitting.refuse(submission=submission, reason="不", actor=actor, now=NOW)
    with pytest.raises(NotAllowed):
        submitting.withdraw(submission=submission, actor=scene.coordinator, now=NOW)


def test_a_paper_goes_from_the_page_of_the_operator_to_the_register(
    client: Client, firm: Firm
) -> None:
    url = reverse("visits:submit-paper", args=[firm.site.pk])
    given = {"kind": "business_licence", "number": "=1+1", "form_key": str(uuid4())}
    client.force_login(firm.user)
    answers = [client.post(url, given) for _ in range(2)]
    submission = PaperSubmission.objects.get()
    client.force_login(firm.regulator)
    shown = client.get(reverse("visits:submissions")).content.decode()
    client.post(reverse("visits:accept-paper", args=[submission.pk]))

    assert [each.status_code for each in answers] == [302, 302]
    assert submission.get_absolute_url() in shown
    assert SitePaper.objects.get().number == "=1+1"


# ------------------------------------------------------------------------- users
def test_a_regulator_invites_a_user_who_can_do_nothing_else(firm: Firm) -> None:
    member = inviting.invite(
        site=firm.site, username="Lu.Ming", name="陆明", temporary=PASSWORD, actor=firm.regulator,
        now=NOW,
    )  # fmt: skip

    assert access.is_operator(member, TODAY)
    assert member.must_change_password
    assert [*operating.operated_by(member, NOW)] == [firm.site]
    assert Post.objects.filter(unit=firm.unit, powers=["operate"]).count() == 2


def test_others_invite_no_user(firm: Firm, scene: Scene) -> None:
    outside = make_site(scene.village)
    strangers = [scene.officer, firm.user, make_officer(make_unit(), Power.COORDINATE)]

    for actor in strangers:
        with pytest.raises(NotAllowed):
            inviting.invite(
                site=firm.site, username="x", name="某", temporary=PASSWORD, actor=actor, now=NOW
            )
    with pytest.raises(NotAllowed):
        inviting.invite(
            site=outside, username="x", name="某", temporary=PASSWORD, actor=scene.coordinator,
            now=NOW,
        )  # fmt: skip


def test_the_access_of_an_operators_user_ends_at_once(client: Client, firm: Firm) -> None:
    client.force_login(firm.user)

    inviting.end(site=firm.site, member=firm.user, actor=firm.regulator, now=NOW)

    firm.user.refresh_from_db()
    assert not firm.user.is_active
    assert operating.users_of(firm.unit, NOW) == []


def test_an_officer_is_never_ended_or_given_a_password_as_an_operator(firm: Firm) -> None:
    both = make_officer(firm.unit, Power.OPERATE)
    make_tenure(both, make_post(make_unit(), Power.HANDLE))
    handler = make_officer(firm.unit, Power.HANDLE)

    for member in (both, handler):
        with pytest.raises(NotAllowed):
            inviting.end(site=firm.site, member=member, actor=firm.regulator, now=NOW)
        with pytest.raises(NotAllowed):
            inviting.reset(
                site=firm.site, member=member, temporary=PASSWORD, actor=firm.regulator, now=NOW
            )


def test_the_first_password_is_shown_to_the_inviter_once_it_is_issued(
    client: Client, firm: Firm, scene: Scene
) -> None:
    client.force_login(firm.regulator)
    url = reverse("visits:invite-operator", args=[firm.site.pk])
    given = {"name": "陆明", "username": "lu.ming", "form_key": str(uuid4())}

    first, again = (client.post(url, given) for _ in range(2))
    shown = client.get(first.headers["Location"]).content.decode()
    client.force_login(scene.coordinator)

    assert first.headers["Location"] == again.headers["Location"]
    assert "<code>" in shown
    assert client.get(first.headers["Location"]).status_code == 404


@pytest.mark.parametrize("text", ["", "\x00", "x" * 300, "<script>", "=cmd", "a b"])
def test_hostile_names_are_refused(client: Client, firm: Firm, text: str) -> None:
    client.force_login(firm.regulator)
    url = reverse("visits:invite-operator", args=[firm.site.pk])

    answer = client.post(url, {"name": "陆明", "username": text, "form_key": str(uuid4())})

    assert answer.status_code == 200
    assert not User.objects.filter(name="陆明").exists()
