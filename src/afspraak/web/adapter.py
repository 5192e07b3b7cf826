"""What allauth asks of us: nobody signs up by himself, passwords change in one place."""

from typing import Any, Final, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpRequest

from afspraak.parties.actions_access import change_password
from afspraak.parties.models import Account
from afspraak.web.actions import confirm_address
from afspraak.web.sealing import sealer
from afspraak.web.viewing import show_address
from afspraak.web.visit import now

NOWHERE: Final = "0.0.0.0"  # noqa: S104  (no address to listen on)


def place_of(request: HttpRequest) -> str:
    """From where a request comes, as the server in front of us says it."""
    return request.META.get("REMOTE_ADDR") or NOWHERE


class Accounts(DefaultAccountAdapter):  # type: ignore[misc]  # allauth brings no types
    """Accounts come by invitation only."""

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        """Never: see `flow.accept_invitation`."""
        return False

    def login(self, request: HttpRequest, user: Account) -> None:
        """Signed in. The address is known to be theirs: an invitation came by it."""
        super().login(request, user)
        confirm_address(account=user)

    def set_password(self, user: Account, password: str) -> None:
        """A new password, and the end of what was opened with the old one."""
        change_password(account=user, password=password, at=now())

    def get_client_ip(self, request: HttpRequest) -> str:
        """From where a request comes."""
        return place_of(request)


class SecondFactors(DefaultMFAAdapter):  # type: ignore[misc]  # allauth brings no types
    """Secrets of authenticator apps and recovery codes are sealed in the database."""

    def encrypt(self, text: str) -> str:
        """As it is stored."""
        return sealer().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """As it was given."""
        return sealer().decrypt(encrypted_text.encode()).decode()


class Providers(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth brings no types
    """A provider signs in whom we know; it makes nobody known."""

    def is_open_for_signup(self, _request: HttpRequest, _login: SocialLogin) -> bool:
        """Never."""
        return False


class Provider(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]  # allauth brings no types
    """OpenID Connect, which says whose account is to be shown before it is looked for."""

    def complete_login(self, request: HttpRequest, *args: Any, **kwargs: Any) -> SocialLogin:
        """Who signed in there. An address counts only where the provider has verified it."""
        login = cast("SocialLogin", super().complete_login(request, *args, **kwargs))
        for each in login.email_addresses:
            if each.verified:
                show_address(request, each.email)
        return login
