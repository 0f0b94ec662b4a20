"""Today, the ledger, and the page of a case with its moves."""

from django.urls import path

from bihuan.desk.views import (
    batch,
    case,
    chosen,
    keeping_back,
    ledger,
    notices,
    phrases,
    saved,
    today,
    turning,
    undoing,
)

app_name = "desk"
urlpatterns = [
    path("desk/", today.today, name="today"),
    path("desk/notices/", notices.notices, name="notices"),
    path("desk/notices/read/", notices.read, name="read-notices"),
    path("desk/notices/<int:pk>/", notices.notice, name="notice"),
    path("desk/cases/", ledger.ledger, name="ledger"),
    path("desk/cases/filters/", ledger.filters, name="ledger-filters"),
    path("desk/cases/count/", ledger.count, name="ledger-count"),
    path("desk/cases/similar/", case.similar, name="similar"),
    path("desk/cases/many/sheets/", chosen.sheets, name="sheets"),
    path("desk/cases/many/export/", chosen.export, name="export-chosen"),
    path("desk/cases/many/<slug:act>/", batch.choose, name="batch"),
    path("desk/batches/<int:pk>/", batch.report, name="batch-report"),
    path("desk/batches/<int:pk>/undo/", batch.undo, name="undo-batch"),
    path("desk/cases/views/", saved.views, name="views"),
    path("desk/cases/views/<int:pk>/rename/", saved.rename, name="rename-view"),
    path("desk/cases/views/<int:pk>/delete/", saved.delete, name="delete-view"),
    path("desk/phrases/", phrases.phrases, name="phrases"),
    path("desk/phrases/<int:pk>/", phrases.change, name="change-phrase"),
    path("desk/phrases/<int:pk>/delete/", phrases.delete, name="delete-phrase"),
    path("desk/cases/<slug:number>/", case.case, name="case"),
    path("desk/cases/<slug:number>/sheet/", case.sheet, name="sheet"),
    path("desk/cases/<slug:number>/timeline/", case.timeline, name="timeline"),
    path("desk/cases/<slug:number>/clocks/<int:pk>/", case.clock, name="clock"),
    path("desk/cases/<slug:number>/files/<int:pk>/", case.evidence, name="evidence"),
    path(
        "desk/cases/<slug:number>/files/<int:pk>/keep-back/",
        keeping_back.keep_back,
        name="keep-back",
    ),
    path("desk/cases/<slug:number>/files/<int:pk>/turn/", turning.turn, name="turn-photo"),
    path("desk/cases/<slug:number>/undo/<int:seq>/", undoing.undo, name="undo"),
    path("desk/cases/<slug:number>/<slug:move>/", case.move, name="move"),
]
