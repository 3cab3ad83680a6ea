"""Addresses of the faces."""

from django.urls import URLPattern, URLResolver, path

from zhen.web import cockpit, files, homes, live, maps, personal_data, styleguide, views

app_name = "web"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", homes.portal, name="portal"),
    path("desk/", homes.desk, name="desk"),
    path("cockpit/", cockpit.show, name="cockpit"),
    path("cockpit/promises/", cockpit.promises, name="cockpit_promises"),
    path("areas.geojson", maps.areas, name="areas"),
    path("style-guide/", styleguide.show, name="style_guide"),
    path("preferences/", views.preferences, name="preferences"),
    path("saved/<str:page>/", views.saved_filter, name="saved_filter"),
    path("saved/<int:key>/delete/", views.saved_filter_delete, name="saved_filter_delete"),
    path("drafts/<str:page>/", views.draft, name="draft"),
    path("live/", live.stream, name="live"),
    path("parties/mine.json", personal_data.mine, name="my_data"),
    path("desk/parties/disclosure/<str:key>.json", personal_data.disclosed, name="disclosed_data"),
    path("search/", views.search, name="search"),
    path("files/", files.upload, name="upload"),
    path("files/pieces/<uuid:key>/", files.piece, name="piece"),
    path("files/<str:token>/", files.show, name="file"),
]
