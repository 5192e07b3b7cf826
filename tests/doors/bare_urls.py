"""Addresses of which one states no policy."""

from django.http import HttpRequest, HttpResponse
from django.urls import path


def bare(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("seen")


urlpatterns = [path("bare/", bare)]
