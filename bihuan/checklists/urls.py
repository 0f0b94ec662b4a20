"""Addresses of checklists."""

from django.urls import path

from bihuan.checklists.views import editor, exchange, lists, next_version, publishing

app_name = "checklists"
BASE = "desk/checklists/"
ONE = f"{BASE}<int:pk>/"

urlpatterns = [
    path(BASE, lists.register, name="checklists"),
    path(f"{BASE}add/", lists.add, name="add"),
    path(f"{BASE}import/", exchange.bring_in, name="import"),
    path(f"{BASE}import/keep/", exchange.keep, name="keep-import"),
    path(ONE, lists.checklist, name="checklist"),
    path(f"{ONE}change/", lists.change, name="change"),
    path(f"{ONE}retire/", lists.retire, name="retire"),
    path(f"{ONE}bring-back/", lists.bring_back, name="bring-back"),
    path(f"{ONE}versions/<int:number>/", lists.version, name="version"),
    path(f"{ONE}versions/<int:number>/sheet/", lists.sheet, name="sheet"),
    path(f"{ONE}versions/<int:number>/xlsform/", exchange.export, name="export"),
    path(f"{ONE}draft/begin/", publishing.begin, name="begin-draft"),
    path(f"{ONE}draft/", editor.draft, name="draft"),
    path(f"{ONE}draft/import/", next_version.bring_in, name="import-next"),
    path(f"{ONE}draft/import/keep/", next_version.keep, name="keep-next"),
    path(f"{ONE}draft/section/", editor.section, name="add-section"),
    path(f"{ONE}draft/section/<slug:key>/", editor.section, name="section"),
    path(f"{ONE}draft/item/", editor.item, name="add-item"),
    path(f"{ONE}draft/item/<slug:key>/", editor.item, name="item"),
    path(f"{ONE}draft/full-score/", editor.full_score, name="full-score"),
    path(f"{ONE}draft/put-to-use/", publishing.put_to_use, name="put-to-use"),
    path(f"{ONE}draft/discard/", publishing.discard, name="discard-draft"),
]
