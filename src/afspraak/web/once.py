"""A form that is sent twice does what it asks once; a secret is shown once, on the page after."""

from collections.abc import Callable
from hashlib import sha256
from typing import Final, TypeVar
from uuid import UUID, uuid4

from django.contrib import messages
from django.db import transaction
from django.utils.translation import gettext as _

from afspraak.engine.time import Refusal
from afspraak.notices.sealed import seal, unseal
from afspraak.parties.actions_answers import Keyed, keep_answer, known_answer
from afspraak.web.filled import uuid_of
from afspraak.web.visit import Visit, known

Made = TypeVar("Made")
FIELD: Final = "once"
"""What a form carries, made anew with each page."""
SEE_OTHER: Final = 303
_NOTHING: Final = sha256(b"").digest()
_SHOWN: Final = "shown_once"
"""In a session: a secret on its way to the next page, sealed."""


def fresh() -> str:
    """For a form that has not been sent."""
    return str(uuid4())


def once(request: Visit, act: Callable[[], Made]) -> Made | None:
    """What the form asks, in one transaction; None, and a word about it, where this very form was
    sent before.
    """
    sent = uuid_of(request.POST, FIELD)
    with transaction.atomic():
        if sent is None:
            return act()
        keyed = Keyed(known(request).actor, f"form {request.path_info}"[:120], str(sent), _NOTHING)
        if known_answer(keyed=keyed) is not None:
            say_known(request)
            return None
        made = act()
        keep_answer(keyed=keyed, status=SEE_OTHER, body=b"", at=request.at)
    return made


def say_known(request: Visit) -> None:
    """What was sent again is no fault: it has happened."""
    messages.info(request, _("That was sent before: nothing happened twice."))


def show_next(request: Visit, name: str, secret: str) -> None:
    """Show a secret on the next page, and on no other: until then it lies sealed."""
    row = uuid4()
    sealed = seal(secret, row).hex()
    request.session[_SHOWN] = {"name": name, "row": str(row), "sealed": sealed}


def shown_now(request: Visit, name: str) -> str:
    """The secret that this page shows; from here on nobody sees it again."""
    held = request.session.get(_SHOWN)
    if request.method != "GET" or not isinstance(held, dict) or held.get("name") != name:
        return ""
    del request.session[_SHOWN]
    try:
        return unseal(bytes.fromhex(held["sealed"]), UUID(held["row"]))
    except Refusal:
        return ""
