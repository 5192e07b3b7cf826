"""The one place where every operation is entered: who asks, whether they may, what their database
shows, one transaction for a write, one answer for a key.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import wraps
from hashlib import sha256
from typing import Any, Final, cast

from django.db import InterfaceError, OperationalError, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja.operation import Operation
from pydantic_core import to_json

from afspraak.api.auth import SAFE, Call, identify
from afspraak.api.problem import Refused, invalid, problem_of
from afspraak.api.throttle import throttle
from afspraak.engine.time import Refusal, instant_of
from afspraak.parties.actions_answers import Keyed, keep_answer, known_answer
from afspraak.parties.identity import seeing
from afspraak.parties.models import Answer
from afspraak.parties.stated import admit, policy_of

Run = Callable[..., HttpResponseBase]
Function = Callable[..., Any]

KEY: Final = "Idempotency-Key"
_KEY_FORM: Final = re.compile(r"[!-~]{1,200}")
JSON: Final = "application/json"
MOST: Final = 1_000_000
"""Bytes of a body, unless an operation takes more."""


def written(told: object, *, status: int = 200) -> HttpResponse:
    """An answer by its names, written down as it is: nothing asks its fields one by one."""
    return HttpResponse(to_json(told), status=status, content_type=JSON)


def replayed(known: Answer) -> HttpResponse:
    """What was answered before to a request that comes again."""
    answer = HttpResponse(bytes(known.body), status=known.status, content_type=JSON)
    answer["Idempotency-Replayed"] = "true"
    return answer


def takes(media: str = JSON, *, most: int = MOST) -> Callable[[Function], Function]:
    """Write on an operation what its body is: another media type, or more bytes."""

    def write(view: Function) -> Function:
        view.takes = (media, most)  # type: ignore[attr-defined]  # read back by body_of
        return view

    return write


def body_of(view: Function) -> tuple[str, int]:
    """The media type of an operation's body, and its most bytes."""
    found: tuple[str, int] = getattr(view, "takes", (JSON, MOST))
    return found


def works_first(work: Callable[..., object]) -> Callable[[Function], Function]:
    """Write on an operation what it does before its transaction is opened, as that takes long:
    called with the request and its path; the operation finds what it gave in `request.worked`.
    """

    def write(view: Function) -> Function:
        view.works_first = work  # type: ignore[attr-defined]  # read back by _work_first
        return view

    return write


def gathers(view: Function) -> Function:
    """Write on an operation that requests under way at the same time share a transaction, which it
    opens itself (`gathering`): it finds the request's key in `request.keyed`, and sees to it.
    """
    view.gathers = True  # type: ignore[attr-defined]  # read back by _written
    return view


def shown_once(*names: str) -> Callable[[Function], Function]:
    """Write on an operation which fields of its answer are secrets: what is kept for a key that is
    used again has null there, so that no secret lies in the database.
    """

    def write(view: Function) -> Function:
        view.secrets = names  # type: ignore[attr-defined]  # read back where answers are kept
        return view

    return write


def _kept(view: Function, body: bytes) -> bytes:
    """An answer as it is kept for a key that comes again."""
    names: tuple[str, ...] = getattr(view, "secrets", ())
    return to_json(json.loads(body) | dict.fromkeys(names)) if names else body


def admitted(run: Run) -> Run:
    """Wraps an operation's own run: nothing of a request is read before it is known who asks."""
    operation = cast("Operation", run.__self__)  # type: ignore[attr-defined]  # a bound method

    @wraps(run)
    def enter(request: HttpRequest, **path: object) -> HttpResponseBase:
        call = cast("Call", request)
        try:
            _let_in(call, operation)
        except Exception as fault:  # noqa: BLE001  (told as a problem, or raised again)
            return problem_of(request, fault)
        unsound = _unsound(request, operation)
        if unsound is not None:
            return unsound
        try:
            with seeing(call.identity):
                if request.method in SAFE:
                    return run(request, **path)
                return _written(call, operation, run, path)
        except (OperationalError, InterfaceError) as fault:  # lost as eyes were opened or closed
            return problem_of(request, fault)

    return enter


def now() -> int:
    """The clock, read once a request."""
    return instant_of(datetime.now(UTC))


def _let_in(call: Call, operation: Operation) -> None:
    policy = policy_of(operation.view_func)
    assert policy is not None, f"{operation.view_func.__name__} states no policy"
    call.at = now()
    identity = identify(call, call.at)
    if identity is not None:
        throttle(identity.actor.token or identity.actor.person or identity.organisation, call.at)
    admit(policy, identity)
    call.identity = identity  # type: ignore[assignment]  # nobody only where the policy is public


# The form of a request ------------------------------------------------------------------------


def _unsound(request: HttpRequest, operation: Operation) -> HttpResponse | None:
    """What can be told wrong before the body is read."""
    known = queries_of(operation)
    for name in request.GET:
        if name not in known:
            return invalid(f"query/{name[:80]}", "there is no such parameter", "leave it out")
        if len(request.GET.getlist(name)) > 1:
            return invalid(f"query/{name}", "it is given more than once", "give it once")
    if request.method in SAFE:
        return None
    key = request.headers.get(KEY)
    if key is not None and _KEY_FORM.fullmatch(key) is None:
        return invalid(f"header/{KEY}", "this is no key", "write 1 to 200 visible ASCII letters")
    try:
        _check_body(request, operation)
    except Refused as refusal:
        return problem_of(request, refusal)
    return None


def queries_of(operation: Operation) -> frozenset[str]:
    """The names of an operation's query parameters."""
    return frozenset(
        name
        for model in operation.models
        if model.__ninja_param_source__ == "query"
        for name in model.__ninja_flatten_map__
    )


def _check_body(request: HttpRequest, operation: Operation) -> None:
    media, most = body_of(operation.view_func)
    length = int(request.META.get("CONTENT_LENGTH") or 0)
    if length > most:
        raise Refused(413, "too-large", f"The body has {length} bytes; at most {most} are taken.")
    if length and request.content_type != media:
        raise Refused(415, "media-type", f"Send the body as {media}.", Accept=media)


# Writes ---------------------------------------------------------------------------------------


def _written(
    call: Call, operation: Operation, run: Run, path: Mapping[str, object]
) -> HttpResponseBase:
    """One transaction: what is refused leaves nothing, what is answered is kept with its key."""
    try:
        keyed = call.keyed = _keyed(call, operation)
        if getattr(operation.view_func, "gathers", False):
            return run(call, **path)
        refusal = _work_first(call, operation, keyed, path)
        with _rolled_back_if_refused() as answers:
            known = known_answer(keyed=keyed) if keyed else None
            if known is not None:
                answers.append(replayed(known))
                return answers[0]
            answers.append(problem_of(call, refusal) if refusal else run(call, **path))
            made = answers[0]
            if keyed and made.status_code < 400:  # noqa: PLR2004  (HTTP's own border)
                body = _kept(operation.view_func, cast("HttpResponse", made).content)
                keep_answer(keyed=keyed, status=made.status_code, body=body, at=call.at)
            return made
    except Exception as fault:  # noqa: BLE001  (a constraint that is checked at the end)
        return problem_of(call, fault)


def _work_first(
    call: Call, operation: Operation, keyed: Keyed | None, path: Mapping[str, object]
) -> Refusal | None:
    """What takes long, unless it was answered before. Why it is refused is told only once it is
    known that the same request was not answered in the meantime.
    """
    work = getattr(operation.view_func, "works_first", None)
    if work is None:
        return None
    if keyed is not None:
        with transaction.atomic():
            if known_answer(keyed=keyed) is not None:
                return None
    try:
        call.worked = work(call, **path)
    except Refusal as refusal:
        return refusal
    return None


@contextmanager
def _rolled_back_if_refused() -> Iterator[list[HttpResponseBase]]:
    answers: list[HttpResponseBase] = []
    with transaction.atomic():
        yield answers
        if answers and answers[0].status_code >= 400:  # noqa: PLR2004  (HTTP's own border)
            transaction.set_rollback(True)


def _keyed(call: Call, operation: Operation) -> Keyed | None:
    key = call.headers.get(KEY)
    if key is None:
        return None
    parts = (call.method or "", call.get_full_path(), call.content_type or "")
    asked = sha256("\n".join(parts).encode() + b"\n" + call.body).digest()
    name = operation.operation_id or operation.view_func.__name__
    return Keyed(call.identity.actor, name[:120], key, asked)
