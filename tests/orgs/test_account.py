"""One's own account: details, password, and the devices that are signed in."""

from datetime import timedelta

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http.response import HttpResponseBase
from django.test import Client

from bihuan.journal.models import Entry
from bihuan.orgs import passwords
from bihuan.orgs.models import SignIn, User
from tests.clock import PRESENT
from tests.factories import PASSWORD, make_member
from tests.orgs.signing_in import acts_of, is_signed_in

pytestmark = pytest.mark.django_db

NEW = "Seven-Quiet-Herons"


@pytest.fixture
def user() -> User:
    return make_member()


@pytest.fixture
def client(user: User) -> Client:
    return _device(user)


def _device(user: User) -> Client:
    client = Client()
    client.force_login(user)
    client.get("/desk/account/")
    return client


def _change(
    client: Client, present: str = PASSWORD, new: str = NEW, again: str = NEW
) -> HttpResponseBase:
    return client.post("/desk/account/password/", {"present": present, "new": new, "again": again})


def test_officers_set_their_telephone_and_language(client: Client, user: User) -> None:
    client.post("/desk/account/", {"work_phone": "6000999", "language": "en"})

    user.refresh_from_db()
    assert (user.work_phone, user.language) == ("6000999", "en")
    assert client.get("/desk/account/").headers["Content-Language"] == "en"
    assert acts_of(user) == ["change-member"]


def test_a_telephone_number_is_not_readable_in_the_journal(client: Client) -> None:
    client.post("/desk/account/", {"work_phone": "6000999", "language": "en"})

    assert not Entry.objects.filter(detail__contains="6000999").exists()


def test_a_new_password_signs_out_every_other_device(client: Client, user: User) -> None:
    other = _device(user)

    _change(client)

    assert SignIn.objects.filter(user=user).count() == 1
    assert is_signed_in(client)
    assert not is_signed_in(other)
    user.refresh_from_db()
    assert user.check_password(NEW)
    assert acts_of(user) == ["change-password"]


@pytest.mark.parametrize(
    ("present", "new", "again"),
    [
        ("wrong", NEW, NEW),
        (PASSWORD, NEW, "another-one-2026"),
        (PASSWORD, "Short-1", "Short-1"),
        (PASSWORD, "password123", "password123"),
        (PASSWORD, "onlysmallletters", "onlysmallletters"),
    ],
)
def test_a_password_is_not_changed_when(
    client: Client, user: User, present: str, new: str, again: str
) -> None:
    answer = _change(client, present, new, again)

    assert answer.status_code == 200
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_a_password_like_the_user_name_is_refused() -> None:
    with pytest.raises(ValidationError):
        validate_password("Zhang.Weiguo1", make_member(username="zhang.weiguo"))


@pytest.mark.parametrize(
    "password", ["aaaaaaaaaaaa", "123456789012", "ABCDEFGHIJKL", "汉字汉字汉字汉字汉字汉字"]
)
def test_one_kind_of_character_is_not_enough(password: str) -> None:
    with pytest.raises(ValidationError):
        passwords.TwoKindsOfCharacter().validate(password)


@pytest.mark.parametrize("password", ["aaaaaaaaaaa1", "ABCDEFGHIJKl", "汉字汉字汉字汉字汉字1"])
def test_two_kinds_of_character_are_enough(password: str) -> None:
    passwords.TwoKindsOfCharacter().validate(password)


def test_a_temporary_password_keeps_the_rules_and_is_never_the_same() -> None:
    made = {passwords.temporary() for _n in range(50)}

    assert len(made) == 50
    for password in made:
        validate_password(password)


def test_the_page_of_sessions_shows_no_key(client: Client, user: User) -> None:
    page = client.get("/desk/account/sessions/").content.decode()

    for sign_in in SignIn.objects.filter(user=user):
        assert sign_in.handle
        assert sign_in.session_key not in page


def test_one_session_is_ended(client: Client, user: User) -> None:
    other = _device(user)
    handle = SignIn.objects.get(pk=other.session.session_key).handle

    client.post(f"/desk/account/sessions/{handle}/end/")

    assert is_signed_in(client)
    assert not is_signed_in(other)
    assert acts_of(user) == ["end-session"]


def test_all_other_sessions_are_ended(client: Client, user: User) -> None:
    others = [_device(user), _device(user)]

    client.post("/desk/account/sessions/end/")

    assert is_signed_in(client)
    assert not any(map(is_signed_in, others))
    assert acts_of(user) == ["end-session", "end-session"]


def test_nobody_ends_the_session_of_another(client: Client) -> None:
    stranger = _device(make_member())
    handle = SignIn.objects.get(pk=stranger.session.session_key).handle

    client.post(f"/desk/account/sessions/{handle}/end/")

    assert is_signed_in(stranger)


def test_a_session_ends_with_its_time_however_busy_it_is(client: Client, user: User) -> None:
    session = SignIn.objects.filter(user=user)
    session.update(expire_date=PRESENT + timedelta(seconds=1), seen_at=PRESENT)
    assert is_signed_in(client)

    session.update(expire_date=PRESENT)

    assert not is_signed_in(client)
