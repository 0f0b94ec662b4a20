import pytest

from tests.factories import Cast, make_cast, make_unit


@pytest.fixture
def cast() -> Cast:
    """The people of a loop in a town of a county."""
    return make_cast(make_unit(make_unit(name="云溪县"), name="双河镇"))
