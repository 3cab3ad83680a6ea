"""Addresses of the desk for cases."""

from django.urls import path, register_converter

from zhen.web.cases import behalf, handover, inbox, judging, page, together


class CaseNumber:
    """A case's number as its type writes it, WG-2026-000123; in capitals, so that it is no name of a page."""

    regex = "[0-9A-Z][0-9A-Z-]+"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(CaseNumber, "case_number")

app_name = "cases"
urlpatterns = [
    path("desk/cases/", inbox.show, name="inbox"),
    path("desk/cases/new/", behalf.new, name="new"),
    path("desk/cases/new/look/", behalf.look, name="new_look"),
    path("desk/cases/new/draft/", behalf.draft, name="new_draft"),
    path("desk/cases/map.geojson", inbox.spots, name="map"),
    path("desk/cases/together/", together.show, name="together"),
    path("desk/cases/together/<slug:deed>/", together.do, name="together_do"),
    path("desk/cases/people/", handover.people, name="people"),
    path("desk/cases/people/<int:user_id>/", handover.show, name="handover"),
    path("desk/cases/<case_number:number>/", page.show, name="case"),
    path("desk/cases/<case_number:number>/print/", page.paper, name="paper"),
    path("desk/cases/<case_number:number>/draft/", page.draft, name="draft"),
    path("desk/cases/<case_number:number>/suggestion/", judging.suggestion, name="suggestion"),
    path("desk/cases/<case_number:number>/repeat/", judging.repeat, name="repeat"),
    path("desk/cases/<case_number:number>/<slug:deed>/", page.do, name="do"),
]
