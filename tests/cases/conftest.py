import pytest

from bihuan.core.powers import Power
from bihuan.orgs.models import Unit, User
from tests.cases.public import Office, make_office
from tests.factories import Cast, make_cast, make_officer, make_unit
from tests.hazards.district import District, make_district


@pytest.fixture
def cast() -> Cast:
    """The people of a loop in a town of a county."""
    return make_cast(make_unit(make_unit(name="云溪县"), name="双河镇"))


@pytest.fixture
def d() -> District:
    return make_district()


@pytest.fixture
def next_town(d: District) -> Unit:
    """The town beside it, with one post that handles cases."""
    unit = make_unit(d.county, name="双河镇", kind=Unit.Kind.TOWN)
    make_officer(unit, Power.HANDLE, Power.COORDINATE, name="新镇安全员")
    return unit


@pytest.fixture
def admin(d: District) -> User:
    return make_officer(d.county, Power.ADMINISTER, name="管理员")


@pytest.fixture
def office() -> Office:
    return make_office()


@pytest.fixture
def district() -> District:
    return make_district()
