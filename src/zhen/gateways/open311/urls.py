from django.urls import path, re_path

from zhen.gateways.open311 import views

urlpatterns = [
    path("v2/discovery.<str:format>", views.discovery, name="open311_discovery"),
    path("v2/services.<str:format>", views.service_list, name="open311_services"),
    re_path(r"^v2/services/(?P<code>[^/]+)\.(?P<format>\w+)$", views.service_definition, name="open311_definition"),
    path("v2/requests.<str:format>", views.requests, name="open311_requests"),
    path("v2/requests/<str:number>.<str:format>", views.one_request, name="open311_request"),
    path("v2/media/<uuid:key>", views.media, name="open311_media"),
    path("v2/tokens/<str:token>.<str:format>", views.one_token, name="open311_token"),
]
