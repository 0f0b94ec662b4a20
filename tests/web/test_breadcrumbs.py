"""The pages above a page that lies two or more below a list."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.core.powers import Power
from tests.factories import make_officer, make_post, make_unit

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_page_about_a_post_leads_to_its_unit_and_to_the_organisation(
    client: Client, language: str
) -> None:
    unit = make_unit()
    post = make_post(unit)
    client.force_login(make_officer(unit, Power.ADMINISTER))
    client.cookies["bihuan_language"] = language

    page = client.get(reverse("orgs:appoint", args=[post.pk])).content.decode()

    (crumbs,) = re.findall(r'<nav class="crumbs" aria-label="([^"]+)"><ol>(.*?)</ol>', page, re.S)
    assert crumbs[0] == {"zh-hans": "当前位置", "en": "Breadcrumbs"}[language]
    addresses = [reverse("orgs:organisation"), reverse("orgs:unit", args=[unit.code])]
    assert re.findall(r'href="([^"]+)"', crumbs[1]) == addresses
    assert crumbs[1].count('aria-current="page"') == 1
