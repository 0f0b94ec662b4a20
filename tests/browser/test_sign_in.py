"""The way in, in a real browser: it can be read, reached by keyboard, and fits a phone."""

import pytest

from tests.browser.conftest import OpenPage, assert_accessible, screenshot

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", ["desk", "phone"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("path", ["/", "/sign-in/"])
def test_a_strangers_page_is_accessible(
    open_page: OpenPage, path: str, width: str, language: str
) -> None:
    page = open_page(path, width=width, language=language)

    screenshot(page, f"{path.strip('/') or 'front'}-{width}-{language}")
    assert_accessible(page)
