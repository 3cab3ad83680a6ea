"""Addresses of the plan's hand-made pages."""

from django.urls import path

from zhen.web.plan import pages, review

app_name = "plan"
urlpatterns = [
    path("plan/", pages.home, name="home"),
    path("plan/<int:document_id>/", pages.document, name="document"),
    path("plan/<int:document_id>/compare/", pages.compare, name="compare"),
    path("plan/targets/<int:target_id>/", pages.target, name="target"),
    path("plan/measures/<int:measure_id>/", pages.measure, name="measure"),
    path("desk/plan/review/<int:version_id>/", review.page, name="review"),
    path("desk/plan/review/<int:version_id>/decide/", review.decide, name="decide"),
    path("desk/plan/review/<int:version_id>/undo/", review.undo, name="undo"),
    path("desk/plan/review/<int:version_id>/add/", review.add, name="add"),
    path("desk/plan/review/<int:version_id>/<int:finding_id>/", review.edit, name="edit"),
]
