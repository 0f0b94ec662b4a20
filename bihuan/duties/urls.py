"""Responsibilities: what is lacking, one duty, and the list of a post."""

from django.urls import path

from bihuan.duties.views import assigning, duty, gaps, post_list

app_name = "duties"
urlpatterns = [
    path("desk/duties/", gaps.gaps, name="duties"),
    path("desk/duties/fill/", gaps.fill, name="fill"),
    path("desk/duties/hand-over/", gaps.hand_over, name="hand-over-many"),
    path("desk/duties/mine/", post_list.mine, name="mine"),
    path("desk/duties/mine/sign/", post_list.sign, name="sign-many"),
    path("desk/duties/posts/<int:pk>/", post_list.sheet, name="list"),
    path("desk/duties/posts/<int:pk>/export/", post_list.export, name="export"),
    path("desk/sites/<int:pk>/duties/add/", assigning.add, name="add"),
    path("desk/sites/<int:pk>/duties/copy/", assigning.copy, name="copy"),
    path("desk/duties/<int:pk>/", duty.duty, name="duty"),
    path("desk/duties/<int:pk>/sign/", duty.sign, name="sign"),
    path("desk/duties/<int:pk>/text/", assigning.reword, name="reword"),
    path("desk/duties/<int:pk>/post/", assigning.hand_over, name="hand-over"),
    path("desk/duties/<int:pk>/end/", assigning.end, name="end"),
]
