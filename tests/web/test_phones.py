"""Numbers that a person in danger dials are links; other figures are not."""

from __future__ import annotations

import pytest

from bihuan.web.templatetags.bihuan import phones


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("请立即拨打110（公安）、119（消防）或者120（急救）", ["110", "119", "120"]),
        ("call 110 (police), 119 (fire) or 120 (ambulance).", ["110", "119", "120"]),
        ("请先拨打110报警。", ["110"]),
        ("Call the police first: 110. The parties do not see it.", ["110"]),
        ("请拨打12345，或者拨打12348。", ["12345", "12348"]),
        ("纪检监察机关举报电话：12388。", ["12388"]),
        ("全长120米，第110条，共119户", []),
        ("YH-2026-000110 · 0719-712345 · 112345", []),
    ],
)
def test_a_number_to_dial_is_a_link(text: str, numbers: list[str]) -> None:
    said = phones(text)

    assert [n for n in numbers if f'<a href="tel:{n}">{n}</a>' in said] == numbers
    assert said.count("<a ") == len(numbers)


def test_what_else_is_in_the_text_is_escaped() -> None:
    assert phones("<b>12345</b>") == '&lt;b&gt;<a href="tel:12345">12345</a>&lt;/b&gt;'
