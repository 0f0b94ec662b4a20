"""Where one is, as the main navigation shows it."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from bihuan.core.powers import Power
from tests.factories import make_officer, make_unit

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("path", "marked"),
    [
        ("/desk/", [("/desk/", "page")]),
        ("/desk/organisation/", [("/desk/organisation/", "page")]),
        ("/desk/organisation/to-confirm/", [("/desk/organisation/", "true")]),
        ("/desk/account/", []),
    ],
)
def test_the_part_that_a_page_belongs_to_is_marked(
    client: Client, path: str, marked: list[tuple[str, str]]
) -> None:
    client.force_login(make_officer(make_unit(), Power.ADMINISTER))

    page = client.get(path).content.decode()

    nav = page[page.index('<nav class="nav"') : page.index("</nav>")]
    assert re.findall(r'href="([^"]+)" aria-current="([^"]+)"', nav) == marked
