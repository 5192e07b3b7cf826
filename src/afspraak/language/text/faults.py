"""Faults in the reader's language. The checks say them in English, as programs and logs read them;
`texts/<lang>/faults.yaml` holds the same sentences with slots, `{key}` being any text.
"""

import re
from functools import cache
from typing import Final

from afspraak.language.text.words import Lang, texts_of

_SLOT: Final = re.compile(r"\{([a-z]+)\}")
_ABOUT: Final = re.compile(r"(`[^`]{1,80}`: )(.+)", re.DOTALL)
"""What a text stands under, which the reader of values puts before what is wrong with it."""
_ANY: Final = {"word": r"\S+"}
"""What a slot takes where it does not take everything."""
_LONGEST: Final = 2_000
"""Letters; what is longer is not looked through."""


def said(text: str, lang: Lang) -> str | None:
    """A fact or a remedy in a language; None where that has no words for it."""
    if lang == "en":
        return text
    found = _said(text, lang)
    if found is None and (match := _ABOUT.fullmatch(text)):
        rest = _said(match[2], lang)
        return None if rest is None else match[1] + rest
    return found


def _said(text: str, lang: Lang) -> str | None:
    whole = _whole(lang).get(text)
    if whole is not None or len(text) > _LONGEST:
        return whole
    for pattern, told in _patterns(lang):
        match = pattern.fullmatch(text)
        if match is not None:
            slots = {name: _whole(lang).get(each, each) for name, each in match.groupdict().items()}
            return _SLOT.sub(lambda slot, slots=slots: slots[slot[1]], told)  # type: ignore[misc]
    return None


@cache
def _whole(lang: Lang) -> dict[str, str]:
    """The sentences without slots."""
    return {text: str(told) for text, told in texts_of(lang, "faults").items()}


@cache
def _patterns(lang: Lang) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Those with slots; the one that says most of its own comes first."""
    found = [(text, told) for text, told in _whole(lang).items() if _SLOT.search(text)]
    found.sort(key=lambda each: -len(_SLOT.sub("", each[0])))
    return tuple((_pattern(text), told) for text, told in found)


def _pattern(text: str) -> re.Pattern[str]:
    parts = _SLOT.split(text)
    built = [
        re.escape(part) if place % 2 == 0 else f"(?P<{part}>{_ANY.get(part, '.+?')})"
        for place, part in enumerate(parts)
    ]
    return re.compile("".join(built), re.DOTALL)
