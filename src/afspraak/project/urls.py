"""Every address; which policy each route states is checked by the tests."""

from django.urls import URLPattern, URLResolver, include, path

from afspraak.api import app as api

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", include(api.urls())),
]
