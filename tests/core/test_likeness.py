"""Fingerprints: what is near, and that the bands find all of it."""

from hypothesis import given
from hypothesis import strategies as st

from bihuan.core import likeness

FINGERPRINTS = st.integers(-(2**63), 2**63 - 1)
BITS = st.sets(st.integers(0, 63), max_size=likeness.NEAR)


def _flipped(fingerprint: int, bits: set[int]) -> int:
    unsigned = fingerprint % 2**64
    for bit in bits:
        unsigned ^= 1 << bit
    return unsigned - 2**64 if unsigned >= 2**63 else unsigned


@given(FINGERPRINTS, st.sets(st.integers(0, 63)))
def test_the_distance_is_the_number_of_bits_that_differ(fingerprint: int, bits: set[int]) -> None:
    assert likeness.distance(fingerprint, _flipped(fingerprint, bits)) == len(bits)


@given(FINGERPRINTS, BITS)
def test_whatever_is_near_shares_a_searched_band(fingerprint: int, bits: set[int]) -> None:
    other = likeness.bands(_flipped(fingerprint, bits))

    searched = likeness.bands_within(fingerprint, likeness.NEAR)

    assert any(band in values for band, values in zip(other, searched, strict=True))


def test_a_search_looks_up_few_values() -> None:
    assert sum(map(len, likeness.bands_within(12345, likeness.NEAR))) == 4 * 17


@given(st.binary(min_size=72, max_size=72))
def test_a_fingerprint_fits_a_signed_column(grey: bytes) -> None:
    fingerprint = likeness.fingerprint(grey)

    assert fingerprint is None or -(2**63) <= fingerprint < 2**63


def test_a_picture_without_detail_has_no_fingerprint() -> None:
    assert likeness.fingerprint(bytes([100, 103] * 36)) is None


def test_more_light_leaves_the_fingerprint_as_it_is() -> None:
    grey = bytes((7 * n * n) % 180 for n in range(72))

    assert likeness.fingerprint(grey) == likeness.fingerprint(bytes(g + 40 for g in grey))
