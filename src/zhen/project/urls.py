"""All addresses."""

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("zhen.web.signing_in.urls")),
    path("", include("zhen.web.urls")),
]
