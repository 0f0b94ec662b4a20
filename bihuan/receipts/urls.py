"""The public's side of a case on the desk, and the keys for checking receipts."""

from django.urls import path

from bihuan.receipts.views import amending, dialogue, held, keys, seals

app_name = "receipts"

urlpatterns = [
    path("desk/cases/<slug:number>/seals/<slug:slot>/open/", seals.ask, name="open-seal"),
    path("desk/cases/<slug:number>/openings/<int:pk>/look/", seals.look, name="look-into-seal"),
    path("desk/cases/<slug:number>/openings/<int:pk>/allow/", seals.allow, name="allow-opening"),
    path("desk/cases/<slug:number>/held/<int:pk>/", held.decide, name="decide-held"),
    path("desk/cases/<slug:number>/amendments/<int:pk>/", amending.decide, name="decide-amendment"),
    path("desk/cases/<slug:number>/messages/read/", dialogue.read, name="read-messages"),
    path("receipt-keys/", keys.keys, name="receipt-keys"),
]
