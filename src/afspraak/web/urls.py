"""The addresses of pages, each with its policy; of allauth's those that are named here."""

from collections.abc import Callable
from typing import Any, Final

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import URLPattern, path, re_path
from django.views.i18n import set_language

from afspraak.parties.stated import PUBLIC, SIGNED_IN, stated
from afspraak.web import access, pages, probes
from afspraak.web.adapter import Provider
from afspraak.web.viewing import WITHOUT

View = Callable[..., Any]
OIDC: Final = "oidc"


def anybody(view: View) -> View:
    """A page of allauth's for who is not known yet, or is on the way."""
    return stated(PUBLIC)(view)


def known(view: View) -> View:
    """A page of allauth's for who is signed in, also before there is a second factor."""
    setattr(view, WITHOUT, True)
    return stated(SIGNED_IN)(view)


@stated(PUBLIC)
def oidc_login(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """To the provider of OpenID Connect."""
    return _at_provider(OAuth2LoginView, request, provider_id)


@stated(PUBLIC)
def oidc_callback(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Back from it. Whoever is known there as one of our accounts comes in as no other, whatever
    address the provider tells now.
    """
    try:
        with transaction.atomic():
            return _at_provider(OAuth2CallbackView, request, provider_id)
    except IntegrityError:
        return render(request, "web/refused.html", status=403)


def _at_provider(view: Any, request: HttpRequest, provider: str) -> HttpResponseBase:
    if provider != OIDC or not settings.SOCIALACCOUNT_PROVIDERS:
        raise Http404
    answer: HttpResponseBase = view.adapter_view(Provider(request, provider))(request)
    return answer


ours: Final[list[URLPattern]] = [
    path("", pages.home, name="home"),
    path("act-for/<uuid:organisation>/", pages.act_for, name="act_for"),
    re_path(r"^join/(?P<secret>[A-Za-z0-9_-]{1,80})/$", access.join, name="join"),
    path("language/", anybody(set_language), name="set_language"),
    path("healthz", probes.healthz, name="healthz"),
    path("readyz", probes.readyz, name="readyz"),
    path("metrics", probes.metrics, name="metrics"),
]
sign_in: Final[list[URLPattern]] = [
    path("login/", anybody(account.login), name="account_login"),
    path("login/code/", anybody(account.request_login_code), name="account_request_login_code"),
    path(
        "login/code/confirm/",
        anybody(account.confirm_login_code),
        name="account_confirm_login_code",
    ),
    path("logout/", anybody(account.logout), name="account_logout"),
    path("inactive/", anybody(account.account_inactive), name="account_inactive"),
    path("reauthenticate/", known(account.reauthenticate), name="account_reauthenticate"),
    path(
        "reauthenticate/code/",
        known(account.request_reauthentication_code),
        name="account_request_reauthentication_code",
    ),
    path(
        "reauthenticate/code/confirm/",
        known(account.confirm_reauthentication_code),
        name="account_confirm_reauthentication_code",
    ),
    path("password/", known(account.password_change), name="account_change_password"),
    path("password/set/", known(account.password_set), name="account_set_password"),
    path("password/reset/", anybody(account.password_reset), name="account_reset_password"),
    path(
        "password/reset/sent/",
        anybody(account.password_reset_done),
        name="account_reset_password_done",
    ),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]{1,40})-(?P<key>[0-9A-Za-z_-]{1,100})/$",
        anybody(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/done/",
        anybody(account.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
]
second_factor: Final[list[URLPattern]] = [
    path("", known(mfa.index), name="mfa_index"),
    path("authenticate/", anybody(mfa.authenticate), name="mfa_authenticate"),
    path("reauthenticate/", known(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("app/", known(totp.activate_totp), name="mfa_activate_totp"),
    path("app/end/", known(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("codes/", known(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("codes/new/", known(codes.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("codes/file/", known(codes.download_recovery_codes), name="mfa_download_recovery_codes"),
    path("keys/", known(webauthn.list_webauthn), name="mfa_list_webauthn"),
    path("keys/new/", known(webauthn.add_webauthn), name="mfa_add_webauthn"),
    path(
        "keys/again/", known(webauthn.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"
    ),
    path("keys/<int:pk>/end/", known(webauthn.remove_webauthn), name="mfa_remove_webauthn"),
    path("keys/<int:pk>/", known(webauthn.edit_webauthn), name="mfa_edit_webauthn"),
    path("keys/login/", anybody(webauthn.login_webauthn), name="mfa_login_webauthn"),
]
provider: Final[list[URLPattern]] = [
    path("<slug:provider_id>/login/", oidc_login, name="openid_connect_login"),
    path("<slug:provider_id>/login/callback/", oidc_callback, name="openid_connect_callback"),
]
