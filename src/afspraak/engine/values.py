"""Frozen values without machinery: what the first answer of a fresh process is made of (decision
0012). Elsewhere a frozen dataclass says the same in fewer lines.
"""

from typing import NoReturn


class Value:
    """A value of named parts, in the order of `__match_args__`: equal to its own kind alone, and
    never changed. Each kind writes its parts once, by `_set`.
    """

    __slots__ = ()
    __match_args__: tuple[str, ...] = ()

    def _set(self, *parts: object) -> None:
        for name, part in zip(self.__match_args__, parts, strict=True):
            object.__setattr__(self, name, part)

    def _parts(self) -> tuple[object, ...]:
        return tuple(getattr(self, name) for name in self.__match_args__)

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        assert isinstance(other, Value)
        return self._parts() == other._parts()

    def __hash__(self) -> int:
        return hash((type(self), self._parts()))

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__match_args__)
        return f"{type(self).__name__}({shown})"

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), self._parts()

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} is frozen: {name} stays as it is")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} is frozen: {name} stays as it is")
