"""The journal's arithmetic, whose results may never change."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.core import chain

AT = datetime(2026, 9, 15, 2, 0, 0, 1, tzinfo=UTC)

# A tiny alphabet, so that fields often look like each other's beginning or end.
few = st.text(alphabet="a好\x00\n", max_size=3)
hashes = st.binary(max_size=3)
contents = st.tuples(
    few,
    st.integers(0, 3),
    st.integers(-3, 3),
    st.sampled_from([None, 1, 2]),
    few,
    few,
    few,
    hashes,
    hashes,
)


@given(contents, contents)
def test_two_different_entries_never_have_the_same_bytes(one: Any, other: Any) -> None:
    same = chain.canonical(*one) == chain.canonical(*other)

    assert same == (one == other)


def test_the_format_of_an_entry_is_fixed() -> None:
    content = chain.canonical(
        "case/H2026-1", 2, chain.microseconds(AT), 7, "verify", "好", "", b"b" * 32, b""
    )
    hashed = chain.link(chain.START, content)

    assert content.hex() == (
        "42484531"  # BHE1
        "0000000000000002"
        "0002fe7aad470801"
        "0000000000000007"
        "000c" "0006" "00000003" "00000000" "20" "00"
        + b"case/H2026-1".hex() + b"verify".hex() + "好".encode().hex() + "62" * 32
    )  # fmt: skip
    assert hashed == sha256(bytes(32) + content).digest()


def test_an_instant_is_the_same_number_in_every_time_zone() -> None:
    in_shanghai = AT.astimezone(timezone(timedelta(hours=8)))

    assert chain.microseconds(in_shanghai) == chain.microseconds(AT)
    assert chain.microseconds(AT) == (9754 * 86_400 + 2 * 3600) * 10**6 + 1
    assert chain.EPOCH + timedelta(microseconds=chain.microseconds(AT)) == AT


@given(st.datetimes(timezones=st.just(UTC)), st.datetimes(timezones=st.just(UTC)))
def test_instants_keep_their_order_as_numbers(one: datetime, other: datetime) -> None:
    assert (chain.microseconds(one) < chain.microseconds(other)) == (one < other)


# ---------------------------------------------------------------------- values
def test_the_order_of_values_does_not_matter() -> None:
    assert chain.digest({"a": 1, "b": "二"}) == chain.digest({"b": "二", "a": 1})


@given(st.dictionaries(few, few, max_size=3), st.dictionaries(few, few, max_size=3))
def test_other_values_have_another_digest(one: dict[str, str], other: dict[str, str]) -> None:
    assert (chain.digest(one) == chain.digest(other)) == (one == other)


def test_an_amount_has_one_digest_before_and_after_it_was_stored() -> None:
    digests = {chain.digest({"money": Decimal(amount)}) for amount in ("100", "100.00", "1E+2")} | {
        chain.digest({"money": Decimal("1") * 100})
    }

    assert len(digests) == 1
    assert chain.digest({"money": Decimal("-0.00")}) == chain.digest({"money": Decimal(0)})


def test_no_values_are_told_from_empty_ones() -> None:
    assert chain.digest(None) == b""
    assert len(chain.digest({})) == 32


@pytest.mark.parametrize(
    "value", [AT, date(2026, 9, 15), b"\x00", None, True, 1.5, ["x", {"y": 1}]]
)
def test_what_a_record_holds_can_be_digested(value: object) -> None:
    assert chain.digest({"value": value}) != chain.digest({"value": "x"})


@pytest.mark.parametrize("value", [object(), {1, 2}, float("nan")])
def test_a_value_without_one_form_is_refused(value: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        chain.digest({"value": value})


def test_details_stay_readable() -> None:
    assert chain.readable({"grade": "重大", "due": date(2026, 9, 30)}) == (
        '{"due":"2026-09-30","grade":"重大"}'
    )
    assert chain.readable(None) == ""


# ----------------------------------------------------------------- daily roots
def _tree_of(leaves: list[bytes]) -> chain.Tree:
    tree = chain.Tree()
    for leaf in leaves:
        tree.add(leaf)
    return tree


def _root_by_definition(leaves: list[bytes]) -> bytes:
    """RFC 6962, section 2.1, word for word."""
    if not leaves:
        return sha256().digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    left, right = _root_by_definition(leaves[:split]), _root_by_definition(leaves[split:])
    return sha256(b"\x01" + left + right).digest()


@pytest.mark.parametrize("count", range(70))
def test_the_root_is_that_of_the_definition(count: int) -> None:
    leaves = [str(number).encode() for number in range(count)]

    assert _tree_of(leaves).root() == _root_by_definition(leaves)


def test_the_root_is_that_of_certificate_transparency() -> None:
    leaves = "|00|10|2021|3031|40414243|5051525354555657|606162636465666768696a6b6c6d6e6f"

    tree = _tree_of([bytes.fromhex(leaf) for leaf in leaves.split("|")])

    assert tree.root().hex() == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


def _day(
    day: date = date(2026, 9, 15),
    until: int = 5,
    through: int = 9,
    previous: bytes = chain.START,
    heads: tuple[tuple[str, bytes], ...] = (("case/1", b"1" * 32), ("case/2", b"2" * 32)),
) -> bytes:
    sealed = chain.Day(day, until=until, through=through, previous=previous)
    for subject, head in heads:
        sealed.add(subject, head)
    assert sealed.chains == len(heads)
    return sealed.root()


@pytest.mark.parametrize(
    "other",
    [
        {"day": date(2026, 9, 16)},
        {"until": 6},
        {"through": 10},
        {"previous": b"1" * 32},
        {"heads": (("case/1", b"1" * 32),)},
        {"heads": (("case/2", b"2" * 32), ("case/1", b"1" * 32))},
        {"heads": (("case/1", b"1" * 32), ("case/3", b"2" * 32))},
        {"heads": (("case/1", b"1" * 32), ("case/2", b"3" * 32))},
    ],
)
def test_everything_about_a_day_is_in_its_root(other: dict[str, Any]) -> None:
    assert _day(**other) != _day()
