"""The addresses of what changes an agreement; each view states its policy."""

from typing import Final

from django.urls import URLPattern, path

from afspraak.web.amending import amendments, meeting, open_terms, pinches, preview, renewal

_OF: Final = "agreements/<uuid:agreement>"
urlpatterns: Final[list[URLPattern]] = [
    path(f"{_OF}/amendments/", amendments.amendments, name="amending"),
    path(f"{_OF}/amendments/begin/", amendments.begin, name="amending_begin"),
    path(f"{_OF}/open/", open_terms.open_terms, name="amending_open"),
    path(f"{_OF}/open/hurt/", open_terms.hurt, name="amending_hurt"),
    path(f"{_OF}/open/say/", open_terms.say, name="amending_say"),
    path(f"{_OF}/pinches/", pinches.pinches, name="amending_pinches"),
    path(f"{_OF}/renewal/", renewal.renewal, name="amending_renewal"),
    path(f"{_OF}/renewal/index/", renewal.index, name="amending_index"),
    path(f"{_OF}/renewal/meeting/", meeting.meeting, name="amending_meeting"),
    path("drafts/<uuid:draft>/preview/", preview.preview, name="amending_preview"),
]
