"""Django's settings for who comes in and how: sign-in, second factor, throttling, cookies, CSP."""

import os
from hashlib import sha256
from typing import Any, Final

from csp.constants import NONCE, NONE, SELF

BASE_URL: Final = os.environ.get("AFSPRAAK_BASE_URL", "http://localhost:8000")
IS_HTTPS: Final = BASE_URL.startswith("https://")
SECOND_FACTOR: Final = os.environ.get("AFSPRAAK_SECOND_FACTOR", "staff")
"""Of whom a second factor is asked: `staff` of a supplier, `all`, or `none`."""
if SECOND_FACTOR not in ("staff", "all", "none"):
    raise ValueError("AFSPRAAK_SECOND_FACTOR: write staff, all or none")

SIGN_IN_APPS: Final = [
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
    "django.contrib.humanize",  # the pages of allauth.mfa ask for it
    "csp",
]
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email",)},
    },
]
EMAIL_BACKEND = "afspraak.web.posting.Post"
DEFAULT_FROM_EMAIL = os.environ.get("AFSPRAAK_MAIL_ADDRESS") or "afspraak@localhost"
PASSWORD_RESET_TIMEOUT = 24 * 3600
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"

# allauth: by address, with a password or a code; nobody signs up without an invitation.
ACCOUNT_ADAPTER = "afspraak.web.adapter.Accounts"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {"login_failed": "30/m/ip,20/5m/key"}  # axes counts first, for all processes
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = False
MFA_TOTP_ISSUER = "Afspraak"
MFA_ADAPTER = "afspraak.web.adapter.SecondFactors"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not IS_HTTPS

# One provider of OpenID Connect, where it is set: it signs in whom we know by address already.
SOCIALACCOUNT_ADAPTER = "afspraak.web.adapter.Providers"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_ONLY = False


def providers() -> dict[str, Any]:
    """The provider of OpenID Connect that is configured; none where no server is named."""
    server = os.environ.get("AFSPRAAK_OIDC_SERVER")
    if not server:
        return {}
    app = {
        "provider_id": "oidc",
        "name": os.environ.get("AFSPRAAK_OIDC_NAME", "OpenID Connect"),
        "client_id": os.environ.get("AFSPRAAK_OIDC_CLIENT_ID", ""),
        "secret": os.environ.get("AFSPRAAK_OIDC_SECRET", ""),
        "settings": {"server_url": server},
    }
    return {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}


SOCIALACCOUNT_PROVIDERS = providers()

# Throttling: five failures for an address from one place close it there for a quarter of an hour.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "login"
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ACCESS_FAILURE_LOG = False
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_SENSITIVE_PARAMETERS = ["login", "email", "username", "password", "ip_address"]
AXES_LOCKOUT_TEMPLATE = "web/locked_out.html"
AXES_HTTP_RESPONSE_CODE = 429
AXES_CLIENT_IP_CALLABLE = "afspraak.web.adapter.place_of"


def hashed(_request: object, credentials: dict[str, str] | None) -> str:
    """What is kept of the address that somebody typed: enough to count by, and no address."""
    told = credentials or {}
    typed = str(told.get("email") or told.get("login") or told.get("username") or "")
    return sha256(typed.strip().casefold().encode()).hexdigest()


AXES_USERNAME_CALLABLE = hashed

# Cookies, transport, and what a page may do.
SESSION_ENGINE = "afspraak.web.session"
SESSION_COOKIE_NAME = "__Host-session" if IS_HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if IS_HTTPS else "csrf"
LANGUAGE_COOKIE_NAME = "__Host-language" if IS_HTTPS else "language"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [BASE_URL] if IS_HTTPS else []
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_HTTPS else None
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 2 * 365 * 24 * 3600 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS = ["axes.W003"]  # its own backend stands first, by another name
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
