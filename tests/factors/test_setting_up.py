"""An officer sets up, adds to and removes their own second factor."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest
import zxingcpp
from django.test import Client
from PIL import Image, ImageDraw
from pytest_django import Settings

from bihuan.core.powers import Power
from bihuan.factors import looks, totp
from bihuan.factors.models import CodeApp, Passkey, RecoveryCode
from bihuan.notices.models import Notice
from bihuan.orgs.actions import members
from bihuan.orgs.models import SignIn, User
from tests.clock import PRESENT
from tests.factories import NOW, PASSWORD, make_officer, make_unit
from tests.factors.devices import SECRET, Key, Phone, acts, give_app, stored_secret

pytestmark = pytest.mark.django_db

OWN = "/desk/account/second-factor/"
BEFORE = PRESENT - timedelta(hours=2)
CODES = re.compile(r"<li><code>([a-z2-9-]{14})</code>")
WRONG = "Not-The-Password-1"


@pytest.fixture
def user() -> User:
    return make_officer(make_unit(), Power.HANDLE)


@pytest.fixture
def desk(user: User, client: Client) -> Client:
    """The officer's browser, asked for by a name that can have passkeys."""
    client.force_login(user)
    client.defaults["SERVER_NAME"] = "localhost"
    client.defaults["SERVER_PORT"] = "80"
    return client


def arm(user: User, desk: Client) -> list[str]:
    """Set an app up, which ends every session without it, and sign in again; the codes."""
    _, codes = give_app(user, at=BEFORE)
    desk.force_login(user)
    return codes


def key_on(page: str) -> str:
    found = re.search(r"<code>([A-Z2-7 ]{39})</code>", page)
    assert found
    return found[1]


def set_up(desk: Client, proof: str = PASSWORD) -> Any:
    phone = Phone.with_key(key_on(desk.get(f"{OWN}app/").content.decode()))
    return desk.post(f"{OWN}app/", {"code": phone.code(PRESENT), "proof": proof})


def asked(page: Any) -> dict[str, Any]:
    """What the page asks the browser for."""
    options: dict[str, Any] = json.loads(page.context["to_make"])
    return options


def add_passkey(desk: Client, key: Key, name: str = "办公室电脑", proof: str = PASSWORD) -> Any:
    options = asked(desk.get(f"{OWN}passkeys/add/"))
    answer = json.dumps(key.make(options))
    return desk.post(f"{OWN}passkeys/add/", {"name": name, "answer": answer, "proof": proof})


# --------------------------------------------------------------------- code app
def test_an_app_is_set_up_by_the_key_and_a_first_code(user: User, desk: Client) -> None:
    answer = set_up(desk)

    assert len(CODES.findall(answer.content.decode())) == RecoveryCode.objects.count() == 10
    assert "no-store" in answer.headers["Cache-Control"]
    assert acts(user) == ["set-up-code-app", "make-recovery-codes"]
    assert Notice.objects.get(member=user).what == "set-up-code-app"


def test_the_picture_holds_the_key_that_is_shown(user: User, desk: Client) -> None:
    picture = desk.get(f"{OWN}app/").context["picture"]
    page = desk.get(f"{OWN}app/").content.decode()

    image = _drawn(picture)
    (code,) = zxingcpp.read_barcodes(image)
    key = key_on(page).replace(" ", "")
    assert code.text.startswith("otpauth://totp/bihuan:")
    assert f"secret={key}" in code.text
    assert f'd="{picture.path}"' in page


def _drawn(picture: totp.Picture) -> Image.Image:
    """The path of the SVG (moves, and lines along the axes) as dots."""
    image = Image.new("L", (picture.size * 4, picture.size * 4), 255)
    draw = ImageDraw.Draw(image)
    for x, y, rest in re.findall(r"M(\d+) (\d+)((?:[hvHV]-?\d+)+)Z?", picture.path):
        at, points = [int(x), int(y)], []
        for step, far in re.findall(r"([hv])(-?\d+)", rest):
            at[step == "v"] += int(far)
            points.append(tuple(at))
        right, bottom = max(p[0] for p in points), max(p[1] for p in points)
        draw.rectangle([int(x) * 4, int(y) * 4, right * 4 - 1, bottom * 4 - 1], fill=0)
    return image


def test_a_wrong_first_code_sets_nothing_up(user: User, desk: Client) -> None:
    desk.get(f"{OWN}app/")

    answer = desk.post(f"{OWN}app/", {"code": "000000", "proof": PASSWORD})

    assert answer.status_code == 200
    assert not CodeApp.objects.exists()


def test_a_set_up_asks_for_the_password(user: User, desk: Client) -> None:
    assert set_up(desk, proof=WRONG).status_code == 200
    assert not CodeApp.objects.exists()


def test_the_page_shows_the_same_key_until_it_is_used(desk: Client) -> None:
    pages = [key_on(desk.get(f"{OWN}app/").content.decode()) for _ in range(2)]
    set_up(desk)

    assert pages[0] == pages[1] != key_on(desk.get(f"{OWN}app/").content.decode())


def test_the_key_lies_encrypted_in_the_database_and_in_the_session(
    user: User, desk: Client
) -> None:
    key = key_on(desk.get(f"{OWN}app/").content.decode()).replace(" ", "")
    session = dict(desk.session.items())
    set_up(desk)

    app = CodeApp.objects.get(member=user)
    assert Phone.with_key(key).secret == stored_secret(user)
    for stored in (str(session), app.secret):
        assert key not in stored
        assert stored_secret(user).hex() not in stored


def test_the_first_factor_ends_sessions_that_began_without(user: User, desk: Client) -> None:
    other = Client()
    other.force_login(user)
    set_up(desk)

    assert SignIn.objects.filter(user=user).count() == 1
    assert other.get("/desk/account/").status_code == 302
    assert desk.get("/desk/account/").status_code == 200


def test_another_app_takes_the_place_of_the_first(user: User, desk: Client) -> None:
    arm(user, desk)

    answer = set_up(desk, proof=Phone().code(PRESENT))

    assert answer.headers["Location"] == OWN
    assert stored_secret(User.objects.get(pk=user.pk)) != SECRET
    assert RecoveryCode.objects.count() == 10


def test_an_app_is_removed_with_the_password(user: User, desk: Client) -> None:
    arm(user, desk)

    refused = desk.post(f"{OWN}app/remove/", {"proof": WRONG})
    assert refused.status_code == 200
    assert CodeApp.objects.exists()
    desk.post(f"{OWN}app/remove/", {"proof": PASSWORD})

    assert not CodeApp.objects.exists()
    assert not RecoveryCode.objects.exists()
    assert acts(user)[-1] == "remove-code-app"


def test_guessing_the_proof_is_held_off(user: User, desk: Client) -> None:
    arm(user, desk)
    for _ in range(5):
        desk.post(f"{OWN}app/remove/", {"proof": WRONG})

    desk.post(f"{OWN}app/remove/", {"proof": PASSWORD})

    assert CodeApp.objects.exists()


def test_the_last_factor_of_a_power_that_needs_one_stays(
    user: User, desk: Client, settings: Settings
) -> None:
    arm(user, desk)
    session = desk.session
    session["second_step"] = "app"
    session.save()
    settings.SECOND_FACTOR = ["handle"]

    answer = desk.post(f"{OWN}app/remove/", {"proof": PASSWORD})

    assert answer.status_code == 200
    assert CodeApp.objects.exists()


def test_new_codes_make_the_old_ones_worthless(user: User, desk: Client) -> None:
    old = arm(user, desk)

    answer = desk.post(f"{OWN}recovery-codes/", {"proof": old[0]})

    new = CODES.findall(answer.content.decode())
    assert len(new) == RecoveryCode.objects.filter(used_at=None).count() == 10
    assert not {*new} & {*old}


def test_the_page_of_codes_without_a_factor_leads_back(desk: Client) -> None:
    assert desk.get(f"{OWN}recovery-codes/").headers["Location"] == OWN


# ---------------------------------------------------------------------- passkeys
def test_several_passkeys_have_names(user: User, desk: Client) -> None:
    first = add_passkey(desk, Key())
    second = add_passkey(desk, Key(), name="蓝色密钥")

    assert len(CODES.findall(first.content.decode())) == 10
    assert second.headers["Location"] == OWN
    assert [each.name for each in Passkey.objects.order_by("pk")] == ["办公室电脑", "蓝色密钥"]
    assert acts(user) == ["add-passkey", "make-recovery-codes", "add-passkey"]
    shown = desk.get(OWN).content.decode()
    assert "蓝色密钥" in shown


def test_a_name_is_given_once(user: User, desk: Client) -> None:
    add_passkey(desk, Key())

    assert add_passkey(desk, Key()).status_code == 200
    assert Passkey.objects.count() == 1


def test_the_same_passkey_is_not_added_twice(user: User, desk: Client) -> None:
    key = Key()
    add_passkey(desk, key)

    assert add_passkey(desk, key, name="另一个").status_code == 200
    assert Passkey.objects.count() == 1


def test_an_answer_counts_once(user: User, desk: Client) -> None:
    key = Key()
    answer = json.dumps(key.make(asked(desk.get(f"{OWN}passkeys/add/"))))
    given = {"answer": answer, "proof": PASSWORD}
    desk.post(f"{OWN}passkeys/add/", {"name": "一", **given})
    Passkey.objects.all().delete()

    desk.post(f"{OWN}passkeys/add/", {"name": "二", **given})

    assert not Passkey.objects.exists()


@pytest.mark.parametrize(
    "key",
    [
        Key(origin="https://evil.example"),
        Key(origin="http://localhost:8080"),
        Key(host="evil.example"),
    ],
    ids=["another origin", "another port", "another host"],
)
def test_a_passkey_made_elsewhere_is_refused(desk: Client, key: Key) -> None:
    assert add_passkey(desk, key).status_code == 200
    assert not Passkey.objects.exists()


@pytest.mark.parametrize("text", ["", "{}", "[]", "no", "[" * 10_000, '{"response": 5}', "null"])
def test_nonsense_is_no_passkey(desk: Client, text: str) -> None:
    desk.get(f"{OWN}passkeys/add/")
    given = {"name": "一", "answer": text, "proof": PASSWORD}

    assert desk.post(f"{OWN}passkeys/add/", given).status_code == 200
    assert not Passkey.objects.exists()


def test_an_address_without_a_name_has_no_passkeys(user: User, client: Client) -> None:
    client.force_login(user)

    page = client.get(f"{OWN}passkeys/add/", SERVER_NAME="127.0.0.1", SERVER_PORT="8000")

    assert page.context["to_make"] == ""


def test_a_passkey_is_removed_by_its_owner_alone(user: User, desk: Client) -> None:
    add_passkey(desk, Key())
    passkey = Passkey.objects.get()
    other = Client()
    other.force_login(make_officer(make_unit(), Power.HANDLE))
    at = f"{OWN}passkeys/{passkey.pk}/remove/"

    assert other.post(at, {"proof": PASSWORD}).status_code == 404
    desk.post(at, {"proof": PASSWORD})

    assert not Passkey.objects.exists()
    assert acts(user)[-1] == "remove-passkey"


# ------------------------------------------------------------------------ checks
def test_the_check_says_when_apps_cannot_be_read(user: User, settings: Settings) -> None:
    give_app(user)
    assert list(looks.look(NOW)) == []

    settings.SECRET_KEY = "another for tests only " * 3

    assert [level for level, _ in looks.look(NOW)] == ["bad"]


def test_the_check_counts_officers_without_a_factor(user: User, settings: Settings) -> None:
    settings.SECOND_FACTOR = ["handle"]
    assert [level for level, _ in looks.look(NOW)] == ["warn"]

    give_app(user)

    assert list(looks.look(NOW)) == []


def test_a_mistake_stands_at_its_field(client: Client, user: User) -> None:
    client.force_login(user)
    url = f"{OWN}app/"
    client.get(url)

    wrong_code = client.post(url, {"code": "000000", "proof": PASSWORD})
    wrong_proof = client.post(url, {"code": "000000", "proof": "x"})

    assert list(wrong_code.context["form"].errors) == ["code"]
    assert list(wrong_proof.context["form"].errors) == ["proof"]


def test_others_hear_of_a_first_factor_under_a_password_that_was_given(user: User) -> None:
    unit = user.tenures.get().post.unit
    leader, giver, other = (
        make_officer(unit, power) for power in (Power.SUPERVISE, Power.ADMINISTER, Power.ADMINISTER)
    )
    members.reset_password(member=user, actor=giver, now=NOW)
    user.refresh_from_db()

    give_app(user)

    received = Notice.objects.filter(what="armed").values_list("member", flat=True)
    assert set(received) == {user.pk, leader.pk, other.pk}


def test_nobody_else_hears_of_a_factor_under_a_password_of_ones_own(user: User) -> None:
    make_officer(user.tenures.get().post.unit, Power.SUPERVISE)

    give_app(user)

    assert not Notice.objects.exclude(member=user).exists()
