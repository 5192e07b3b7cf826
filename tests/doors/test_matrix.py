"""The matrix of rights: every route, by every method, for everybody, with ids of their own and of
others, in path, query and body. What is expected follows from the route's stated policy and from
who stands in which relation: nothing of another party is ever shown, and what is another's is told
in the same words as what does not exist.
"""

import json
import logging
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from email import message_from_bytes, policy
from functools import cache as cache_of
from io import BytesIO
from typing import TypeVar
from uuid import UUID, uuid4
from zipfile import ZipFile
from zlib import crc32

import pyarrow.parquet as pq
import pytest
from conftest import take_role
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client
from matrix_world import IDENTITIES, Matrix, at, make_matrix
from routes import METHODS, Route, every_route, sample
from world import TUESDAY

from afspraak import flow
from afspraak.agreements.identity import identify
from afspraak.api import admission, auth
from afspraak.notices.actions_address import address_owed
from afspraak.notices.smtp import Fate, Sent, Server, Tls
from afspraak.parties.actions_access import DAY
from afspraak.parties.identity import Identity, identify_token
from afspraak.parties.roles import Right
from afspraak.parties.stated import PUBLIC, SIGNED_IN
from afspraak.rights.viewer import SYSTEM
from afspraak.tickets.happened import Happened
from afspraak.web import viewing as viewing_of_pages
from afspraak.worker import sending
from afspraak.worker.sending import Post

Found = TypeVar("Found")
LATER = TUESDAY + 30 * DAY

VARIES = re.compile(
    r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32}|value=\"[^\"]*\"|nonce=\"[^\"]*\"|next=[^\"&]*"
)
"""What differs between two answers that say the same: ids, tokens against forgery."""


@dataclass
class Hands:
    """What somebody asks with."""

    client: Client
    headers: dict[str, str]
    identity: Identity | None
    answered: Counter[tuple[bool, int]] = field(default_factory=Counter)
    """How often, by whether it was the API and by the first digit of the status."""


@dataclass(frozen=True)
class Asked:
    """One question, and how it is told in a failure."""

    route: Route
    method: str
    path: str
    body: str | None = None

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.body or ''}"[:200]


@pytest.fixture
def matrix(as_system: None, monkeypatch: pytest.MonkeyPatch, settings: object) -> Matrix:
    """The second factor has tests of its own; here everybody has passed it."""
    settings.SECOND_FACTOR = "none"
    monkeypatch.setattr(viewing_of_pages, "now", lambda: TUESDAY + 1)
    monkeypatch.setattr(admission, "now", lambda: TUESDAY + 1)
    monkeypatch.setenv("AFSPRAAK_API_RATE", "0")
    monkeypatch.setattr(viewing_of_pages, "who_asks", found_once(viewing_of_pages.who_asks))
    monkeypatch.setattr(auth, "identify_member", found_once(auth.identify_member))
    monkeypatch.setattr(auth, "identify_token", found_once(auth.identify_token))
    made = make_matrix()
    keep_lines(made, monkeypatch)
    take_role("app")
    return made


def keep_lines(matrix: Matrix, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is logged, by whichever of the two ways."""

    class Keeping(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            matrix.lines.append(self.format(record))

    class Door:
        def info(self, event: str, **told: object) -> None:
            matrix.lines.append(f"{event} {told}")

    logger = logging.getLogger()
    monkeypatch.setattr(logger, "handlers", [*logger.handlers, Keeping(logging.INFO)])
    monkeypatch.setattr(logger, "level", logging.INFO)
    monkeypatch.setattr("afspraak.web.logs.log", Door)


def found_once(identify: Callable[..., Found]) -> Callable[..., Found]:
    """Somebody asks all their questions at one moment, and is the same for each: what a question
    changes is undone. Looking them up is a third of its time.
    """
    return cache_of(identify)


def hands_of(matrix: Matrix, who: str) -> Hands:
    client = Client(raise_request_exception=False)
    if who == "anonymous":
        return Hands(client, {}, None)
    if who == "token":
        header = {"authorization": f"Bearer {matrix.secret}"}
        return Hands(client, header, identify_token(matrix.secret, TUESDAY + 1))
    account = matrix.people[who].account
    take_role("system")
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    take_role("app")
    return Hands(client, {}, identify(account.pk, TUESDAY + 1))


def ask(hands: Hands, asked: Asked) -> HttpResponseBase:
    """An answer, whose writes are undone."""
    with transaction.atomic():
        given = {"content_type": "application/json"} if asked.route.is_api else {}
        data = asked.body if asked.route.is_api else json.loads(asked.body or "{}")
        if asked.method in ("GET", "HEAD", "OPTIONS"):
            answer = getattr(hands.client, asked.method.lower())(asked.path, headers=hands.headers)
        elif asked.method == "POST" or asked.route.is_api:
            answer = (
                hands.client.generic(
                    asked.method, asked.path, data or "", headers=hands.headers, **given
                )
                if asked.route.is_api
                else hands.client.post(asked.path, data, headers=hands.headers)
            )
        else:
            answer = hands.client.generic(asked.method, asked.path, headers=hands.headers)
        transaction.set_rollback(True)
    hands.answered[asked.route.is_api, answer.status_code // 100] += 1
    return answer


def questions(route: Route, ids: Mapping[str, UUID], methods: tuple[str, ...]) -> Iterator[Asked]:
    """A route with these ids in its path, then in its query, then in its body."""
    path = route.filled(lambda name: str(ids.get(name, "1" if name == "pk" else "oidc")))
    for method in methods:
        body = None
        if route.body is not None and method not in ("GET", "HEAD", "OPTIONS"):
            body = json.dumps(sample(route.body, ids))
        elif not route.is_api and method == "POST":
            body = json.dumps({name: str(each) for name, each in ids.items()} | FORM)
        yield Asked(route, method, path, body)
        for name in route.queries:
            if name in ids:
                yield Asked(route, method, f"{path}?{name}={ids[name]}", body)


FORM = {"email": "guest@x.example", "role": "customer_user", "name": "x", "password": "x" * 14}


def told(answer: HttpResponseBase) -> str:
    return b"".join(answer).decode(errors="replace") + str(dict(answer.items()))


def said(answer: HttpResponseBase, asked: Asked) -> tuple[int, str]:
    """What an answer says, without what differs by chance or repeats the question."""
    text = b"".join(answer).decode(errors="replace")
    return answer.status_code, VARIES.sub("", text.replace(asked.path, ""))


def is_let_in(route: Route, identity: Identity | None) -> bool:
    """Whether the stated policy lets somebody in: an oracle of the test's own."""
    if route.policy == PUBLIC:
        return True
    if identity is None:
        return False
    return route.policy == SIGNED_IN or Right(route.policy) in identity.rights


def check(
    matrix: Matrix, route: Route, who: str, methods: tuple[str, ...], hands: Hands, *, all_ids: bool
) -> Iterator[list[str]]:
    """For each question of one route by one identity, what is wrong with its answer. Unless
    `all_ids`, everybody asks every third route whole, so that a third of everybody asks each: with
    ids in its query, with foreign ones, and, where the policy keeps them out, by every method. A
    method that the route does not take, and whoever is kept out, look at no id, and get their own.
    """
    is_admitted = is_let_in(route, hands.identity)
    nowhere = {name: uuid4() for name in matrix.own(who)}
    own, theirs, none = (
        list(questions(route, ids, methods))
        for ids in (matrix.own(who), matrix.foreign(who), nowhere)
    )
    taken = set()
    is_turn = all_ids or crc32(f"{who} {route.path}".encode()) % 3 == 0
    for asked in own:
        if not is_turn and ("?" in asked.path or (taken and not is_admitted)):
            continue
        answer = ask(hands, asked)
        if all_ids or answer.status_code != NOT_TAKEN:
            taken.add(asked.method)
        yield faults(matrix, asked, who, answer, is_admitted=is_admitted)
    if not all_ids and not (is_admitted and is_turn):
        return
    for asked, instead in zip(theirs, none, strict=True):
        if asked == instead or asked.method not in taken or takes_no_ids(route):
            continue
        answer, empty = ask(hands, asked), ask(hands, instead)
        found = faults(matrix, asked, who, answer, is_admitted=is_admitted)
        if said(answer, asked) != said(empty, instead):
            found.append(f"told {answer.status_code}, of nothing {empty.status_code}")
        yield [f"{who}: {asked}: {each}" for each in found]


def takes_no_ids(route: Route) -> bool:
    """A page of allauth's without a hole in its address: it knows of no party."""
    return route.path.startswith("/account/") and not route.holes


def faults(
    matrix: Matrix, asked: Asked, who: str, answer: HttpResponseBase, *, is_admitted: bool
) -> list[str]:
    """A fault of ours, something of others, a success for whom the policy keeps out."""
    status = answer.status_code
    found = [f"{who}: {asked}: {status}"] if status >= 500 and asked.path != "/readyz" else []
    if seen := matrix.seen_in(told(answer), who):
        found.append(f"{who}: {asked}: shows {seen}")
    if not is_admitted and status not in KEPT_OUT:
        found.append(f"{who}: {asked}: {status} though it is not for them")
    if is_admitted and asked.route.is_api and status == 401:
        found.append(f"{who}: {asked}: not known, though it is for them")
    if status == 302 and not is_admitted and "/account/login/" not in answer["Location"]:
        found.append(f"{who}: {asked}: sent to {answer['Location']}")
    return found


NOT_TAKEN = 405
KEPT_OUT = (302, 400, 401, 403, 404, 405, 415, 422)


MARK = "kanarie"
PARTS = 4
"""So many tests share the identities out, so that workers can go side by side."""


def run(matrix: Matrix, part: int, methods: tuple[str, ...] | None) -> tuple[int, list[str]]:
    """These ask everything; how many questions, and all that is wrong."""
    count, wrong = 0, []
    for who in IDENTITIES[part::PARTS]:
        hands = hands_of(matrix, who)
        for route in every_route():
            if "logout" in route.path:
                continue
            cache.clear()  # nobody is throttled here
            usual = route.methods if route.is_api else ("GET", "POST")
            asked_for = (matrix, route, who, tuple(of_its_own(route, methods or usual)), hands)
            for found in check(*asked_for, all_ids=methods is not None):
                count += 1
                wrong += found
        if hands.identity is not None and not hands.answered[True, 2]:
            wrong.append(f"{who}: the API answered nothing that they may see: {hands.answered}")
    wrong += [line for line in matrix.lines if MARK in line]
    assert len(matrix.lines) > count // 2
    return count, wrong


def of_its_own(route: Route, methods: tuple[str, ...]) -> Iterator[str]:
    """Those that no other operation takes at the same address: each has a policy of its own, by
    which it is asked in its turn.
    """
    others = {each for other in siblings()[route.path] for each in other.methods}
    return (each for each in methods if each in route.methods or each not in others)


@cache_of
def siblings() -> dict[str, list[Route]]:
    """The operations at each address; a page takes every method, and has none."""
    found: dict[str, list[Route]] = defaultdict(list)
    for route in every_route():
        if route.is_api:
            found[route.path].append(route)
    return found


@pytest.mark.parametrize("part", range(PARTS))
def test_every_route_shows_each_only_their_own(matrix: Matrix, part: int) -> None:
    """By the methods that a route takes, or reading and writing where it does not say."""
    count, wrong = run(matrix, part, None)
    assert wrong == []
    assert count > 200


@pytest.mark.long
@pytest.mark.parametrize("part", range(PARTS))
def test_every_route_by_every_method(matrix: Matrix, part: int) -> None:
    count, wrong = run(matrix, part, METHODS)
    assert wrong == []
    assert count > 900


def test_every_route_states_a_policy() -> None:
    routes = every_route()
    assert [route.path for route in routes if route.policy is None] == []
    assert len(routes) > 35


def test_what_anybody_may_open_is_known() -> None:
    """A route becomes public by being written here, too."""
    public = {route.path for route in every_route() if route.policy == PUBLIC and not route.is_api}
    assert {path for path in public if not path.startswith("/account/")} == {
        "/healthz",
        "/join/(?P<secret>[A-Za-z0-9_-]{1,80})/",
        "/keeping/feed/(?P<secret>[A-Za-z0-9_-]{1,80})\\.ics",
        "/language/",
        "/metrics",
        "/offers/public/(?P<address>[A-Za-z0-9_-]{3,60})/",
        "/readyz",
    }


def test_the_matrix_would_notice(matrix: Matrix, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same check finds a page that shows what is another's."""
    hands = hands_of(matrix, "another supplier")
    page = next(route for route in every_route() if route.path == "/setup/people/")
    leak = HttpResponse(matrix.people["supplier admin"].name)
    monkeypatch.setattr("afspraak.web.setup_people.render", lambda *_a, **_k: leak)
    found = list(check(matrix, page, "another supplier", ("GET",), hands, all_ids=False))
    assert any("shows" in each for each in found[0])


# Ways out that nobody asks for page by page -------------------------------------------------------


def test_exports_in_every_form_hold_each_only_their_own(matrix: Matrix) -> None:
    shown: dict[str, set[str]] = {}
    for who in IDENTITIES:
        hands = hands_of(matrix, who)
        for form in ("lines", "files"):
            answer = hands.client.get(f"/api/v1/export?form={form}", headers=hands.headers)
            body = b"".join(answer)
            text = body.decode(errors="replace") if form == "lines" else unpacked(body, answer)
            assert matrix.seen_in(text, who) == [], (who, form)
            shown.setdefault(who, set()).update(mark for mark in matrix.marks if mark in text)
    assert len(shown["supplier admin"] & shown["token"]) > 20
    assert [who for who in IDENTITIES if not shown[who]] == [
        *("agent", "customer user", "former party", "adviser", "anonymous"),
    ]
    assert [line for line in matrix.lines if MARK in line] == []


def unpacked(body: bytes, answer: HttpResponseBase) -> str:
    """All that stands in an archive; Parquet as its values."""
    if answer.status_code != 200:
        return body.decode()
    texts = []
    with ZipFile(BytesIO(body)) as packed:
        for name in packed.namelist():
            content = packed.read(name)
            if name.endswith(".parquet"):
                texts.append(str(pq.read_table(BytesIO(content)).to_pylist()))
            else:
                texts.append(content.decode())
    return "\n".join(texts)


def test_mails_logs_and_metrics_hold_each_only_their_own(
    matrix: Matrix, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everything is missed, told and mailed; some of it is refused in words that hold a name."""
    take_role("system")
    for pair, ids in matrix.ids.items():
        told = Happened(ids["relation"], "supplier_contact", TUESDAY + 1, "supplier")
        words = matrix.mark(*at(*pair))
        told = replace(told, ticket=ids["ticket"], words=words)
        flow.take_fact(told=told, viewer=SYSTEM, at=TUESDAY + 1)
    while flow.look(at=LATER):
        pass
    address_owed(at=LATER)
    sent: list[tuple[str, bytes]] = []

    def send(raw: bytes, *, recipient: str, **_more: object) -> Sent:
        sent.append((recipient, raw))
        fate = Fate.PERMANENT if len(sent) % 5 == 0 else Fate.ACCEPTED
        return Sent(fate, 550, f"<{recipient}> is not here")

    monkeypatch.setattr(sending, "send", send)
    way = Post(Server("localhost", 25, Tls.NONE), "desk@noord.example", None)
    sending.send_owed(way, lambda: LATER + 3 * DAY)
    by_address = {person.email: who for who, person in matrix.people.items() if person.email}
    told_to = {by_address[recipient] for recipient, _ in sent}
    assert {"customer manager", "another customer"} <= told_to
    told_marks = 0
    for recipient, raw in sent:
        mail = message_from_bytes(raw, policy=policy.default)
        text = "\n".join(part.get_content() for part in mail.walk() if not part.is_multipart())
        found = matrix.seen_in(f"{mail.items()}{text}", by_address[recipient])
        assert found == [], (by_address[recipient], mail["Subject"])
        told_marks += text.count(MARK)
    assert told_marks > len(sent)
    take_role("app")
    metrics = Client(headers={"host": "localhost"}).get("/metrics").content.decode()
    assert "afspraak_http_requests_total" in metrics
    assert MARK not in metrics
    assert [line for line in matrix.lines if MARK in line] == []
    assert any("was not taken" in line for line in matrix.lines)
