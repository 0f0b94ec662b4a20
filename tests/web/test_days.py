"""Days and times in forms: one at the end of the calendar is a mistake in the year."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django import forms

from bihuan.orgs.forms import day_field
from bihuan.web.fields import day, deadline, moment


@pytest.mark.parametrize("field", [day, day_field, deadline])
@pytest.mark.parametrize("typed", ["0001-01-01", "0001-02-28", "1899-12-31"])
def test_a_day_of_another_era_is_refused(field: Callable[[str], forms.Field], typed: str) -> None:
    with pytest.raises(forms.ValidationError):
        field("Day").clean(typed)


@pytest.mark.parametrize("typed", ["0001-01-01T00:00", "9999-12-31T23:59"])
def test_a_time_that_other_time_zones_do_not_have_is_refused(typed: str) -> None:
    with pytest.raises(forms.ValidationError):
        moment("Time").clean(typed)


@pytest.mark.parametrize("field", [day, day_field])
def test_days_of_this_era_are_taken(field: Callable[[str], forms.Field]) -> None:
    assert str(field("Day").clean("1900-01-01")) == "1900-01-01"
    assert str(field("Day").clean("9999-12-31")) == "9999-12-31"
