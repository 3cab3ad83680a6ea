"""The addresses of the open contracting data."""

from django.urls import path

from zhen.packs.finance.procurement.ocds import views

app_name = "ocds"
urlpatterns = [
    path("releases.json", views.releases, name="releases"),
    path("records.json", views.records, name="records"),
    path("releases/<int:key>.json", views.releases_of, name="releases_of"),
    path("records/<int:key>.json", views.record_of, name="record_of"),
]
