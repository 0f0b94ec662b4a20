"""Words for the public hold nothing by which a person is reached."""

from __future__ import annotations

import pytest

from bihuan.core import discretion
from bihuan.core.discretion import LeadsToPerson


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("请联系13812345678。", ["13812345678"]),
        ("电话138 1234 5678", ["138 1234 5678"]),
        ("电话１３８１２３４５６７８", ["13812345678"]),
        ("+86-13812345678", ["+86-13812345678"]),
        ("身份证11010119900307123X号", ["11010119900307123X"]),
        ("邮箱zhang.san@example.org，谢谢", ["zhang.san@example.org"]),
    ],
)
def test_what_leads_to_a_person_is_found(words: str, found: list[str]) -> None:
    assert discretion.traces(words) == found
    with pytest.raises(LeadsToPerson):
        discretion.require_none("没有问题", words)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "2026年11月22日，云溪县双河镇石桥村3号楼2单元",
        "公示号 YH-2026-000123，热线12345，办公电话 0871-5551234",
        "流水号20261122123456789012",
        "坡度@30°，间距 13800 毫米",
    ],
)
def test_numbers_of_offices_days_and_cases_may_stand(words: str) -> None:
    assert discretion.traces(words) == []
