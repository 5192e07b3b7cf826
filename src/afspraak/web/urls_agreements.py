"""The addresses of agreements, calendars and services in set-up; each view states its policy."""

from typing import Final

from django.urls import URLPattern, path

from afspraak.web import setup_agreements, setup_calendars, setup_services, setup_versions

urlpatterns: Final[list[URLPattern]] = [
    path("setup/agreements/", setup_agreements.agreements, name="setup_agreements"),
    path("setup/agreements/edit/", setup_agreements.edit, name="setup_agreement_edit"),
    path("setup/agreements/check/", setup_agreements.check, name="setup_agreement_check"),
    path("setup/agreements/save/", setup_agreements.save, name="setup_agreement_save"),
    path("setup/agreements/<uuid:version>/", setup_versions.version, name="setup_version"),
    path("setup/calendars/", setup_calendars.calendars, name="setup_calendars"),
    path("setup/services/", setup_services.services, name="setup_services"),
    path("setup/services/edit/", setup_services.edit_offer, name="setup_offer_edit"),
    path("setup/services/check/", setup_services.check_offer, name="setup_offer_check"),
    path("setup/services/save/", setup_services.save_offer, name="setup_offer_save"),
]
