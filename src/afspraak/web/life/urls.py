"""The addresses of agreements as a whole; each view states its policy."""

from typing import Final

from django.urls import URLPattern, path

from afspraak.web.life import pages

urlpatterns: Final[list[URLPattern]] = [
    path("", pages.agreements, name="agreements"),
    path("<uuid:agreement>/", pages.agreement, name="life"),
]
