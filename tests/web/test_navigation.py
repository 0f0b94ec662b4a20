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


@pytest.mark.parametrize(
    ("path", "home"), [("/desk/notices/read/", "/desk/"), ("/track/leave/", "/")]
)
def test_an_address_that_takes_forms_only_is_no_blank_page(
    client: Client, path: str, home: str
) -> None:
    """A button that was pressed after the session had ended leads there, once one is back in."""
    client.force_login(make_officer(make_unit(), Power.HANDLE))

    answer = client.get(path)

    assert answer.status_code == 405
    assert "未作任何处理" in answer.content.decode()
    assert f'href="{home}"' in answer.content.decode()
    assert answer.headers["Allow"] == "POST"
    assert answer.headers["Content-Length"] == str(len(answer.content))
