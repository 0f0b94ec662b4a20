"""What a user of an operator has to do, and is notified of."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate

from bihuan.core.visiting import Outcome
from bihuan.notices.models import Notice
from bihuan.sites.models import SitePaper
from bihuan.visits import operating
from bihuan.visits.actions import recording, submitting
from tests.clock import PRESENT
from tests.factories import NOW, TODAY, make_case
from tests.visits.firm import Firm, make_site_with, submitted
from tests.visits.scene import Scene, make_binding

pytestmark = pytest.mark.django_db


# --------------------------------------------------------------------- what to do
def expiring(firm: Firm, days: int) -> SitePaper:
    return SitePaper.objects.create(
        site=firm.site,
        kind="business_licence",
        expires_date=localdate(PRESENT) + timedelta(days=days),
        added_at=NOW,
    )


@pytest.mark.parametrize(("days", "is_listed"), [(-2, True), (60, True), (61, False)])
def test_a_paper_that_runs_out_is_one_tap_from_its_renewal(
    client: Client, firm: Firm, days: int, is_listed: bool
) -> None:
    paper = expiring(firm, days)
    form = f"{reverse('visits:submit-paper', args=[firm.site.pk])}?renews={paper.pk}"
    client.force_login(firm.user)

    for page in (reverse("visits:operated"), reverse("visits:operated-site", args=[firm.site.pk])):
        assert (form in client.get(page).content.decode()) is is_listed
    shown = client.get(form)
    assert shown.context["form"].initial["kind"] == paper.kind


def test_what_was_submitted_is_not_asked_for_again(client: Client, firm: Firm) -> None:
    paper = expiring(firm, -2)
    submitted(firm)
    client.force_login(firm.user)

    shown = client.get(reverse("visits:operated")).content.decode()

    assert f"?renews={paper.pk}" not in shown


@pytest.mark.parametrize("renews", ["", "x", "999999", "\x00", "9" * 40])
def test_a_renewal_of_no_paper_of_the_site_is_a_new_paper(
    client: Client, firm: Firm, renews: str
) -> None:
    client.force_login(firm.user)

    shown = client.get(reverse("visits:submit-paper", args=[firm.site.pk]), {"renews": renews})

    assert shown.status_code == 200
    assert len(shown.context["form"].fields["kind"].choices) > 1


def test_a_case_to_be_solved_is_on_the_first_page(client: Client, firm: Firm) -> None:
    case = make_case(firm.unit)
    make_site_with(firm.site, case)
    client.force_login(firm.user)

    assert case.title in client.get(reverse("visits:operated")).content.decode()


def test_a_note_is_shown_to_the_operator_only_where_the_officer_said_so(
    client: Client, firm: Firm, scene: Scene
) -> None:
    binding = make_binding(firm.site, scene.post)
    for note, is_note_shown in (("请清理通道", True), ("下次查仓库", False)):
        recording.record_visit(
            binding=binding, visited_date=TODAY, outcome=Outcome.IN_ORDER, actor=scene.officer,
            now=NOW, note=note, is_note_shown=is_note_shown,
        )  # fmt: skip
    client.force_login(firm.user)

    shown = client.get(reverse("visits:operated-site", args=[firm.site.pk])).content.decode()

    assert "请清理通道" in shown
    assert "下次查仓库" not in shown


# ------------------------------------------------------------------------ papers
def test_an_accepted_paper_takes_the_place_of_the_one_it_renews(firm: Firm) -> None:
    old = SitePaper.objects.create(
        site=firm.site, kind="business_licence", expires_date=TODAY - timedelta(days=1),
        added_at=NOW,
    )  # fmt: skip
    other = SitePaper.objects.create(site=firm.site, kind="food_permit", added_at=NOW)

    paper = submitting.accept(submission=submitted(firm), actor=firm.regulator, now=NOW)

    old.refresh_from_db()
    assert old.renewed_by == paper
    assert {*operating.papers_of(firm.site)} == {paper, other}


@pytest.mark.parametrize("is_accepted", [True, False])
def test_the_operator_reads_what_was_decided(
    client: Client, firm: Firm, scene: Scene, is_accepted: bool
) -> None:
    submission = submitted(firm)
    if is_accepted:
        submitting.accept(submission=submission, actor=firm.regulator, now=NOW)
    else:
        submitting.refuse(
            submission=submission, reason="照片不清", actor=scene.coordinator, now=NOW
        )
    notice = Notice.objects.get(member=firm.user)
    client.force_login(firm.user)

    shown = client.get(reverse("visits:operated")).content.decode()
    opened = client.get(reverse("desk:notice", args=[notice.pk]))

    assert reverse("desk:notice", args=[notice.pk]) in shown
    assert ("照片不清" in shown) is not is_accepted
    assert opened.headers["Location"] == reverse("visits:operated-site", args=[firm.site.pk])
    assert not client.get(reverse("visits:operated")).context["unread"]
