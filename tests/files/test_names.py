"""Names are safe whatever was sent, and still the person's own where they can be."""

import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.files.names import LONGEST, safe_name

NAUGHTY: list[str] = json.loads(
    (
        Path(__file__).parents[1] / "data" / "hostile_inputs" / "naughty_strings" / "blns_part.json"
    ).read_text()
)
ANY_TEXT = st.text(st.characters(), max_size=300)


def _assert_safe(given: str) -> None:
    name = safe_name(given, "jpg")

    assert name.endswith(".jpg")
    assert len(name) <= LONGEST
    assert len(name.encode()) <= 255
    assert not set(name) & set('/\\<>:"|?*%;')
    assert not name.startswith((".", " "))
    assert len(name) > len(".jpg")
    assert {unicodedata.category(c) for c in name}.isdisjoint({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
    assert safe_name(name, "jpg") == name


@pytest.mark.parametrize("given", NAUGHTY)
def test_a_naughty_string_becomes_a_safe_name(given: str) -> None:
    _assert_safe(given)
    _assert_safe(f"../{given}/{given}.jpg")


@given(ANY_TEXT)
def test_any_text_becomes_a_safe_name(given: str) -> None:
    _assert_safe(given)


@pytest.mark.parametrize(
    ("given", "extension", "name"),
    [
        ("整改前 照片(1).JPG", "jpg", "整改前 照片(1).jpg"),
        ("C:\\Users\\wang\\消防通道.png", "jpg", "消防通道.jpg"),
        ("../../etc/passwd", "jpg", "passwd.jpg"),
        ("invoice\u202egpj.exe", "jpg", "invoicegpj.exe.jpg"),
        ("CON.jpg", "jpg", "CON_.jpg"),
        ("nul", "pdf", "nul_.pdf"),
        ("lpt1.backup.pdf", "pdf", "lpt1_.backup.pdf"),
        ("...", "jpg", "file.jpg"),
        ("", "jpg", "file.jpg"),
        ("报告\r\nSet-Cookie: a=b.pdf", "pdf", "报告Set-Cookie_ a=b.pdf"),
        ("v1.2 隐患清单.xlsx", "xlsx", "v1.2 隐患清单.xlsx"),
    ],
)
def test_what_can_stay_of_a_name_stays(given: str, extension: str, name: str) -> None:
    assert safe_name(given, extension) == name


def test_a_long_chinese_name_is_cut_between_characters() -> None:
    name = safe_name("隐" * 300 + ".jpg", "jpg")

    assert set(name.removesuffix(".jpg")) == {"隐"}
    assert 60 <= len(name) <= LONGEST
