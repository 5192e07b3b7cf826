"""The one place where pages are entered: the clock is read, it is found out who asks, the view's
stated policy lets them in or not, and the database shows what they may see until it is answered.
"""

import ipaddress
import json
import logging
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, Final, cast
from urllib.parse import urlencode
from uuid import UUID

from allauth.account.internal.stagekit import LOGIN_SESSION_KEY
from allauth.account.utils import url_str_to_user_pk
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db import Error
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from fido2.utils import websafe_decode

from afspraak.agreements.identity import Asking, who_asks
from afspraak.parties.actions_seen import note_seen
from afspraak.parties.identity import Identity, seeing
from afspraak.parties.models import Account
from afspraak.parties.roles import STAFF
from afspraak.parties.stated import PUBLIC, Forbidden, Unknown, admit, policy_of
from afspraak.rights.viewer import NOBODY, Viewer, viewing
from afspraak.web.visit import Visit, now

log = logging.getLogger(__name__)
API: Final = "/api/"
"""Below this the other door admits by itself, operation by operation."""
ACTING: Final = "acting"
"""In a session: the organisation that somebody acts for."""
WITHOUT: Final = "second_factor"
"""On a view: it is open to who has no second factor yet, so that they can get one."""


class Viewing:
    """Django's middleware for all pages."""

    def __init__(self, respond: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The answer; what the database showed for it is over when it is made."""
        visit = cast("Visit", request)
        visit.at, visit.identity, visit.is_demonstration = (
            now(),
            None,
            False,
        )
        with ExitStack() as eyes:
            visit.eyes = eyes
            return self._respond(visit)

    def process_view(
        self, request: HttpRequest, view: Any, _args: Any, given: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Lets in, or answers in the view's stead."""
        visit = cast("Visit", request)
        is_api = request.path_info.startswith(API)
        policy = policy_of(view)
        if policy is None and not is_api:
            raise ImproperlyConfigured(f"{getattr(view, '__name__', view)} states no policy")
        refusal = _recognise(visit)
        if refusal is not None and not (policy == PUBLIC or getattr(view, WITHOUT, False)):
            return HttpResponse(status=403) if is_api else refusal
        if is_api or policy is None:
            return None
        if visit.identity is None:
            visit.eyes.enter_context(viewing(_guest(visit, given)))
        else:
            visit.eyes.enter_context(seeing(visit.identity))
            visit.eyes.callback(_note_seen, visit.identity, visit.at)
        try:
            admit(policy, visit.identity)
        except Unknown:
            return _to_sign_in(visit)
        except Forbidden:
            return render(request, "web/refused.html", status=403)
        return None


def _note_seen(identity: Identity, at: int) -> None:
    """Somebody was here. Written when the page is made, with the eyes that it was made with: a
    database that cannot write costs a day of one person, and no page.
    """
    try:
        note_seen(actor=identity.actor, viewer=identity.viewer, at=at)
    except Error:
        log.warning("not written down who was here", exc_info=True)


def _recognise(visit: Visit) -> HttpResponseBase | None:
    """Find out who asks; an answer for those who must do something first."""
    asking = _signed_in(visit)
    if asking is None:
        return None
    visit.is_demonstration = asking.account.is_demonstration
    if visit.is_demonstration and not is_loopback(visit):
        return render(visit, "web/only_here.html", status=403)
    acting = visit.session.get(ACTING)
    visit.identity = asking.acting_for(UUID(acting) if acting else None)
    if _lacks_second_factor(asking, visit.identity):
        return HttpResponseRedirect(reverse("mfa_index"))
    return None


def _signed_in(visit: Visit) -> Asking | None:
    """Who the session belongs to, if its password is still the one it was opened with."""
    try:
        account = UUID(visit.session.get(SESSION_KEY, ""))
    except ValueError:
        return None
    visit.eyes.enter_context(viewing(Viewer(account=account)))
    asking = who_asks(account, visit.at)
    if asking is not None and _is_opened_by(visit.session, asking.account):
        visit.user = asking.account
    user = visit.user  # else as Django finds it out, which ends a session that holds no more
    return asking if isinstance(user, Account) and user.is_active else None


def _is_opened_by(session: SessionBase, account: Account) -> bool:
    """What Django asks before it believes a session, of the account that was read already."""
    return (
        account.is_active
        and session.get(BACKEND_SESSION_KEY) in settings.AUTHENTICATION_BACKENDS
        and constant_time_compare(
            session.get(HASH_SESSION_KEY) or "", account.get_session_auth_hash()
        )
    )


def _lacks_second_factor(asking: Asking, identity: Identity | None) -> bool:
    """Whether one is asked of them and none is there; one that is there was asked at sign-in."""
    is_free = settings.SECOND_FACTOR == "none" or asking.account.is_demonstration
    if is_free or identity is None or asking.has_second_factor:
        return False
    return settings.SECOND_FACTOR == "all" or bool(STAFF & set(identity.roles.values()))


def is_loopback(request: HttpRequest) -> bool:
    """Whether the request comes from this very machine, to an installation that is served on it."""
    host = request.get_host().rsplit(":", 1)[0].strip("[]")
    try:
        came_from = ipaddress.ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    return came_from.is_loopback and (host == "localhost" or host in ("127.0.0.1", "::1"))


def _guest(visit: Visit, given: dict[str, Any]) -> Viewer:
    """What the database shows before anybody is known: the one account that signs in, by what was
    typed, the link that was followed, the passkey that was shown, or the step that was passed.
    """
    account = _account_of(given.get("uidb36") or _passkey_owner(visit) or _waiting(visit) or "")
    typed = visit.POST.get("login") or visit.POST.get("email") or ""
    if account is None and not typed:
        return NOBODY
    return Viewer(account=account, address=typed.strip().casefold()[:254].replace("\0", ""))


def _waiting(visit: Visit) -> str:
    """Who has passed the first step of signing in."""
    stashed = visit.session.get(LOGIN_SESSION_KEY)
    return str(stashed.get("user_pk") or "") if isinstance(stashed, dict) else ""


def _passkey_owner(visit: Visit) -> str:
    """Whose passkey is shown, as it says itself; its signature is checked later."""
    told = visit.POST.get("credential", "")
    if visit.resolver_match is None or visit.resolver_match.url_name != "mfa_login_webauthn":
        return ""
    try:
        return websafe_decode(json.loads(told)["response"]["userHandle"]).decode()
    except (ValueError, TypeError, KeyError, AttributeError):
        return ""


def _account_of(told: str) -> UUID | None:
    try:
        found = url_str_to_user_pk(told)
    except (ValueError, ValidationError):
        return None
    return found if isinstance(found, UUID) else None


def show_address(request: HttpRequest, address: str) -> None:
    """From here on, until the request ends, the account of this address is shown too: a provider
    has said whose it is.
    """
    eyes = cast("Visit", request).eyes
    eyes.enter_context(viewing(Viewer(address=address.strip().casefold())))


def _to_sign_in(visit: Visit) -> HttpResponseBase:
    """To the page where they sign in, and back from there."""
    if visit.method not in ("GET", "HEAD"):
        return render(visit, "web/refused.html", status=403)
    return HttpResponseRedirect(
        f"{reverse('account_login')}?{urlencode({'next': visit.get_full_path()})}"
    )


def shown(request: HttpRequest) -> dict[str, object]:
    """What every template may use of it."""
    return {
        "identity": getattr(request, "identity", None),
        "is_demonstration": getattr(request, "is_demonstration", False),
    }
