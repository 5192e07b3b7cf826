"""The addresses of the set-up, below `/setup/`; each view states its policy."""

from typing import Final

from django.urls import URLPattern, path

from afspraak.web import (
    setup,
    setup_mail,
    setup_monitors,
    setup_organisations,
    setup_people,
    setup_tokens,
    setup_warnings,
    setup_webhooks,
)

urlpatterns: Final[list[URLPattern]] = [
    path("", setup.first_steps, name="setup"),
    path("organisations/", setup_organisations.organisations, name="setup_organisations"),
    path(
        "organisations/<uuid:organisation>/",
        setup_organisations.organisation,
        name="setup_organisation",
    ),
    path("person/<uuid:person>/", setup_organisations.person, name="setup_person"),
    path("people/", setup_people.people, name="setup_people"),
    path("people/<uuid:membership>/role/", setup_people.give_role, name="setup_role"),
    path("people/<uuid:membership>/end/", setup_people.end_role, name="setup_end_role"),
    path("invited/<uuid:invitation>/again/", setup_people.send_again, name="setup_send_again"),
    path("invited/<uuid:invitation>/withdraw/", setup_people.withdraw, name="setup_withdraw"),
    path("advisers/<uuid:adviser>/end/", setup_people.end_advice, name="setup_end_advice"),
    path("warnings/", setup_warnings.warnings, name="setup_warnings"),
    path("warnings/<uuid:agreement>/", setup_warnings.ladder, name="setup_ladder"),
    path("mail/", setup_mail.mail, name="setup_mail"),
    path("mail/try/", setup_mail.try_mail, name="setup_try_mail"),
    path("monitors/", setup_monitors.monitors, name="setup_monitors"),
    path("monitors/<uuid:watched>/end/", setup_monitors.end_label, name="setup_end_label"),
    path("webhooks/", setup_webhooks.webhooks, name="setup_webhooks"),
    path("webhooks/<uuid:channel>/end/", setup_webhooks.end, name="setup_end_webhook"),
    path("tokens/", setup_tokens.tokens, name="setup_tokens"),
    path("tokens/<uuid:token>/end/", setup_tokens.end, name="setup_end_token"),
]
