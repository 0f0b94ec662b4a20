"""Signing in, one's own account, and the organisation."""

from django.urls import path

from bihuan.orgs.views import (
    account,
    founding,
    granting,
    issued,
    members,
    moving,
    posts,
    signing_in,
    standing_in,
    units,
)

app_name = "orgs"
urlpatterns = [
    path("sign-in/", signing_in.sign_in, name="sign-in"),
    path("sign-out/", signing_in.sign_out, name="sign-out"),
    path("desk/account/", account.account, name="account"),
    path("desk/account/password/", account.password, name="account-password"),
    path("desk/account/sessions/", account.sessions, name="account-sessions"),
    path("desk/account/sessions/end/", account.end_other_sessions, name="end-other-sessions"),
    path("desk/account/sessions/<slug:handle>/end/", account.end_session, name="end-session"),
    path(
        "desk/account/posts/<int:pk>/stand-in/",
        standing_in.name_stand_in,
        name="name-stand-in",
    ),
    path("desk/account/stand-ins/asked/<int:pk>/", standing_in.answer, name="answer-stand-in"),
    path(
        "desk/account/stand-ins/asked/<int:pk>/withdraw/",
        standing_in.withdraw,
        name="withdraw-stand-in",
    ),
    path("desk/account/stand-ins/<int:pk>/end/", standing_in.end_stand_in, name="end-stand-in"),
    path("desk/organisation/", units.organisation, name="organisation"),
    path("desk/organisation/new-unit/", founding.choose_parent, name="new-unit"),
    path("desk/organisation/units/<str:code>/", units.unit, name="unit"),
    path("desk/organisation/units/<str:code>/add/", units.add, name="add-unit"),
    path("desk/organisation/units/<str:code>/found/", founding.found, name="add-unit-with-post"),
    path("desk/organisation/units/<str:code>/change/", units.change, name="change-unit"),
    path("desk/organisation/units/<str:code>/move/", units.move, name="move-unit"),
    path("desk/organisation/units/<str:code>/close/", units.close, name="close-unit"),
    path("desk/organisation/units/<str:code>/posts/add/", posts.add, name="add-post"),
    path("desk/organisation/posts/<int:pk>/change/", posts.change, name="change-post"),
    path("desk/organisation/posts/<int:pk>/end/", posts.end, name="end-post"),
    path("desk/organisation/posts/<int:pk>/move/", moving.move, name="move-post"),
    path("desk/organisation/posts/<int:pk>/appoint/", posts.appoint, name="appoint"),
    path("desk/organisation/posts/<int:pk>/hand-over/", posts.hand_over, name="hand-over"),
    path("desk/organisation/tenures/<int:pk>/stand-in/", standing_in.name_for, name="stand-in-for"),
    path("desk/organisation/tenures/<int:pk>/end/", posts.end_tenure, name="end-tenure"),
    path("desk/organisation/tenures/<int:pk>/annul/", posts.annul_tenure, name="annul-tenure"),
    path("desk/organisation/to-confirm/", granting.listing, name="grants"),
    path(
        "desk/organisation/to-confirm/<slug:kind>/<int:pk>/",
        granting.confirm,
        name="confirm-grant",
    ),
    path("desk/organisation/members/", members.listing, name="members"),
    path("desk/organisation/new-member/", members.add, name="add-member"),
    path("desk/organisation/issued/<slug:number>/", issued.shown, name="issued"),
    path("desk/organisation/issued/<slug:number>/slip/", issued.slip, name="issued-slip"),
    path("desk/organisation/members/<str:username>/", members.member, name="member"),
    path("desk/organisation/members/<str:username>/change/", members.change, name="change-member"),
    path(
        "desk/organisation/members/<str:username>/deactivate/",
        members.deactivate,
        name="deactivate-member",
    ),
    path(
        "desk/organisation/members/<str:username>/reactivate/",
        members.reactivate,
        name="reactivate-member",
    ),
    path(
        "desk/organisation/members/<str:username>/reset-password/",
        members.reset_password,
        name="reset-password",
    ),
]
