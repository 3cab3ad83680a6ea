"""Addresses of the plan's hand-made pages."""

from django.urls import path

from zhen.web.plan import pages, review, work

app_name = "plan"
urlpatterns = [
    path("plan/", pages.home, name="home"),
    path("plan/<int:document_id>/", pages.document, name="document"),
    path("plan/<int:document_id>/compare/", pages.compare, name="compare"),
    path("plan/targets/<int:target_id>/", pages.target, name="target"),
    path("plan/measures/<int:measure_id>/", pages.measure, name="measure"),
    path("plan/<int:document_id>/publish/", work.publish, name="publish"),
    path("plan/<int:document_id>/freeze/", work.freeze, name="freeze"),
    path("plan/reports/<int:report_id>/", work.report, name="report"),
    path("plan/reports/<int:report_id>/report.docx", work.report_file, {"form": "docx"}, name="report_docx"),
    path("plan/reports/<int:report_id>/report.pdf", work.report_file, {"form": "pdf"}, name="report_pdf"),
    path("desk/plan/import/", work.import_document, name="import"),
    path("desk/plan/series/new/", work.new_series, name="new_series"),
    path("desk/plan/series/<int:series_id>/", work.series, name="series"),
    path("desk/plan/series/imports/<int:import_id>/", work.decide_import, name="decide_import"),
    path("desk/plan/review/<int:version_id>/", review.page, name="review"),
    path("desk/plan/review/<int:version_id>/decide/", review.decide, name="decide"),
    path("desk/plan/review/<int:version_id>/undo/", review.undo, name="undo"),
    path("desk/plan/review/<int:version_id>/add/", review.add, name="add"),
    path("desk/plan/review/<int:version_id>/<int:finding_id>/", review.edit, name="edit"),
]
