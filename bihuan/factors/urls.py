"""The second step, one's own factors, and the administration of lost ones."""

from django.urls import path

from bihuan.factors.views import lost, own, provided, second_step

_OWN = "desk/account/second-factor"
_MEMBER = "desk/organisation/members/<str:username>/second-factor"

app_name = "factors"
urlpatterns = [
    path("sign-in/second-step/", second_step.take, name="second-step"),
    path("sign-in/set-up/", second_step.set_up, name="set-up-at-sign-in"),
    path("sign-in/provider/", provided.ask, name="provider"),
    path("sign-in/provider/answer/", provided.answer, name="provider-answer"),
    path(f"{_OWN}/", own.overview, name="second-factor"),
    path(f"{_OWN}/app/", own.set_up_app, name="set-up-app"),
    path(f"{_OWN}/app/remove/", own.remove_app, name="remove-app"),
    path(f"{_OWN}/passkeys/add/", own.add_passkey, name="add-passkey"),
    path(f"{_OWN}/passkeys/<int:pk>/remove/", own.remove_passkey, name="remove-passkey"),
    path(f"{_OWN}/recovery-codes/", own.make_codes, name="make-recovery-codes"),
    path(f"{_OWN}/keep/", own.keep, name="keep-second-factor"),
    path("desk/second-factors/<int:pk>/", lost.of, name="second-factor-of"),
    path(
        "desk/organisation/members/<str:username>/sign-in-service/",
        provided.of_member,
        name="member-provider",
    ),
    path(f"{_MEMBER}/", lost.of_member, name="member-second-factor"),
    path(f"{_MEMBER}/lost/", lost.ask, name="ask-factor-removal"),
    path(f"{_MEMBER}/lost/confirm/", lost.confirm, name="confirm-factor-removal"),
    path(f"{_MEMBER}/lost/withdraw/", lost.withdraw, name="withdraw-factor-removal"),
]
