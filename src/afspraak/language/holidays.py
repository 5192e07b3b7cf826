"""Public holidays from the `holidays` library: asked while freezing and for a what-if, never for a
frozen contract.
"""

from datetime import date, timedelta
from functools import lru_cache
from importlib.metadata import version
from typing import Final

from afspraak.engine.time import Refusal

_ONE_DAY: Final = timedelta(days=1)
_LANGUAGES: Final = {"nl": ("nl",), "fr": ("fr",), "en": ("en_US", "en_GB", "en")}


def holidays_between(code: str, cover: tuple[date, date], language: str) -> dict[date, str]:
    """The public holidays of `NL`, `BE` or a part as `DE-BY` that touch a cover [from, until), with
    their names.

    One day more on either side: a night of the day before runs into the cover, and one of its last
    day out of it (T4). The names are in the language where the library has it, else in the
    country's own. Refuses a code, and a year, that the library doesn't know (T8).
    """
    first, last = cover[0] - _ONE_DAY, cover[1]
    years = range(first.year, last.year + 1)
    found = {on: name for year in years for on, name in _of_year(code, year, language)}
    return {on: found[on] for on in sorted(found) if first <= on <= last}


@lru_cache(maxsize=1024)
def _of_year(code: str, year: int, language: str) -> tuple[tuple[date, str], ...]:
    import holidays as library  # noqa: PLC0415 - half a second; frozen contracts never need it

    country, _, part = code.partition("-")
    try:
        kind = getattr(library, country)
        speaks = next(
            (each for each in _LANGUAGES[language] if each in kind.supported_languages), None
        )
        if not kind.start_year <= year <= kind.end_year:
            raise Refusal(
                f"the holidays of {code} are known from {kind.start_year} to {kind.end_year},"
                f" not in {year}"
            )
        known = library.country_holidays(country, subdiv=part or None, years=year, language=speaks)
    except (AttributeError, NotImplementedError):
        raise Refusal(f"no public holidays are known for {code}") from None
    return tuple(sorted((on, name) for on, name in known.items() if on.year == year))


def library_version() -> str:
    """The library's version, which `freeze` writes down."""
    return version("holidays")
