"""What takes long is done before an operation's transaction is opened; why it is refused is told
inside it, unless the same request was answered already.
"""

from types import SimpleNamespace
from typing import Any

from afspraak.api import admission
from afspraak.api.admission import works_first
from afspraak.engine.time import Refusal


def operation(work: Any) -> Any:
    return SimpleNamespace(view_func=works_first(work)(lambda: None))


def test_its_result_is_found_in_the_request() -> None:
    call: Any = SimpleNamespace()
    told = admission._work_first(
        call, operation(lambda _, version: version + 1), None, {"version": 1}
    )
    assert (told, call.worked) == (None, 2)


def test_its_refusal_is_kept_for_the_transaction() -> None:
    def refused(_call: object) -> None:
        raise Refusal("not so")

    call: Any = SimpleNamespace()
    told = admission._work_first(call, operation(refused), None, {})
    assert str(told) == "not so"
    assert not hasattr(call, "worked")


def test_an_operation_without_it_does_nothing_first() -> None:
    call: Any = SimpleNamespace()
    plain: Any = SimpleNamespace(view_func=lambda: None)
    assert admission._work_first(call, plain, None, {}) is None
    assert not hasattr(call, "worked")


def test_what_was_answered_already_is_not_done_again(monkeypatch: Any, as_system: Any) -> None:
    monkeypatch.setattr(admission, "known_answer", lambda **_: (201, b"{}"))
    call, done = SimpleNamespace(), []
    keyed: Any = object()
    told = admission._work_first(call, operation(lambda _: done.append(1)), keyed, {})  # type: ignore[arg-type]  # as far as it is asked
    assert (told, done) == (None, [])
