"""Pages of the door that allauth does not have."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def no_account(request: HttpRequest) -> HttpResponse:
    """Where allauth would register somebody: says how an account comes about here."""
    return render(request, "account/signup_closed.html", status=403)
