"""The URLs for importing and exporting ledgers."""

from django.urls import path

from bihuan.ledgers.views import endings, exports, imports, questions

app_name = "ledgers"
urlpatterns = [
    path("desk/import/", imports.imports, name="import"),
    path("desk/import/sample/", imports.sample, name="import-sample"),
    path("desk/import/<int:pk>/", imports.job, name="import-job"),
    path("desk/import/<int:pk>/columns/", imports.columns, name="import-columns"),
    path("desk/import/<int:pk>/read-again/", imports.read_again, name="import-read-again"),
    path("desk/import/<int:pk>/next-sheet/", imports.next_sheet, name="import-next-sheet"),
    path("desk/import/<int:pk>/words/", imports.words, name="import-words"),
    path("desk/import/<int:pk>/questions/", questions.questions, name="import-questions"),
    path("desk/import/<int:pk>/again/", questions.try_again, name="import-again"),
    path("desk/import/<int:pk>/changes/", questions.changes, name="import-changes"),
    path("desk/import/<int:pk>/changes/file/", questions.changes_file, name="import-changes-file"),
    path("desk/import/<int:pk>/go/", imports.go, name="import-go"),
    path("desk/import/<int:pk>/refused/", imports.refused, name="import-refused"),
    path("desk/import/<int:pk>/delete/", imports.discard, name="import-delete"),
    path("desk/import/ended/<slug:batch>/", endings.ended, name="import-ended"),
    path("desk/cases/export/", exports.export, name="export"),
    path("desk/cases/export/columns/", exports.columns, name="export-columns"),
    path("desk/exports/<int:pk>/", exports.job, name="export-job"),
    path("desk/exports/<int:pk>/file/", exports.file, name="export-file"),
]
