"""Addresses of the files of rounds."""

from django.urls import path

from zhen.web.rounds import files

app_name = "rounds"
urlpatterns = [
    path("desk/rounds/visits/<uuid:key>/record.pdf", files.record, name="record"),
    path("inspections/draws/<int:draw_id>/proof.json", files.proof, name="proof"),
]
