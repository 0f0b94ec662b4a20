"""The pages of the second factor: set up, used, added to, removed, and lost."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable

from django.test import override_settings

from bihuan.core.powers import Power
from bihuan.factors.models import Passkey
from bihuan.journal.models import Entry
from tests.factories import PASSWORD, make_officer
from tests.factors.devices import Key, Phone
from tests.walk.pages import act, own
from tests.walk.people import Answer
from tests.walk.world import World

OWN = "/desk/account/second-factor/"
LOST = "确实丢失，已当面核实。"


def own_factor(w: World) -> None:
    """An officer sets an app up, signs in by a code from paper, and adds a passkey."""
    user = make_officer(w.realm.province.unit, Power.ADMINISTER)
    here = w.site.person()
    here.sign_in(user.username, PASSWORD)
    phone = Phone.with_key(key_shown(here.get(f"{OWN}app/")))
    own(here, f"{OWN}app/", code=phone.code(w.site.now), proof=PASSWORD)
    codes = own(here, f"{OWN}recovery-codes/", proof=PASSWORD)
    one, two, *_ = re.findall(r"<li><code>([a-z2-9-]{14})</code>", codes.page)
    here.sign_in(user.username, PASSWORD)
    answer = own(here, "/sign-in/second-step/", code=one, seen=Entry.objects.count)
    assert answer.location == "/desk/"
    named = w.site.person(name="localhost")  # an address of numbers has no passkeys
    named.cookies = here.cookies
    page = named.get(f"{OWN}passkeys/add/")
    request = Key(f"http://{named.host}").make(json.loads(html.unescape(options_on(page))))
    sent = {"name": "电脑", "answer": json.dumps(request), "proof": PASSWORD}
    assert named.send(page, **sent).is_done
    own(here, f"{OWN}passkeys/{Passkey.objects.get().pk}/remove/", proof=two)
    own(here, f"{OWN}app/remove/", proof=PASSWORD)


def lost_factor(w: World) -> None:
    """Two administrators remove what was lost; then it is needed, and set up on the way in."""
    user = make_officer(w.realm.province.unit, Power.ADMINISTER)
    here = w.site.person()
    here.sign_in(user.username, PASSWORD)
    phone = Phone.with_key(key_shown(here.get(f"{OWN}app/")))
    own(here, f"{OWN}app/", code=phone.code(w.site.now), proof=PASSWORD)
    at = f"/desk/organisation/members/{user.username}/second-factor/"
    act(w, f"{at}lost/", by="administrator", reason=LOST)
    own(here, OWN, sent_to=f"{OWN}keep/")
    act(w, f"{at}lost/", by="administrator", reason=LOST)
    act(w, at, sent_to=f"{at}lost/withdraw/")
    act(w, f"{at}lost/", by="administrator", reason=LOST)
    other = w.site.officer(make_officer(w.realm.province.unit, Power.ADMINISTER))
    own(other, at, sent_to=f"{at}lost/confirm/")
    assert here.get("/desk/").status == 302
    with override_settings(SECOND_FACTOR=["administer"]):
        here.sign_in(user.username, PASSWORD)
        shown = here.follow(here.get("/sign-in/second-step/"))
        phone = Phone.with_key(key_shown(shown))
        own(here, "/sign-in/set-up/", code=phone.code(w.site.now))
        assert here.get("/desk/account/").status == 200
    with override_settings(OIDC_ISSUER="https://sso.example"):
        act(w, f"/desk/organisation/members/{user.username}/sign-in-service/", subject="4711")


def key_shown(page: Answer) -> str:
    found = re.search(r"<code>([A-Z2-7 ]{39})</code>", page.page)
    assert found, page.told
    return found[1]


def options_on(page: Answer) -> str:
    found = re.search(r'data-passkey="([^"]+)"', page.page)
    assert found, page.told
    return found[1]


EVERYTHING: dict[Callable[[World], None], set[str]] = {
    own_factor: {
        "factors:second-step", "factors:set-up-app", "factors:remove-app", "factors:add-passkey",
        "factors:remove-passkey", "factors:make-recovery-codes",
    },
    lost_factor: {
        "factors:set-up-at-sign-in", "factors:keep-second-factor", "factors:ask-factor-removal",
        "factors:confirm-factor-removal", "factors:withdraw-factor-removal",
        "factors:member-provider",
    },
}  # fmt: skip
