"""How far an agreement is in its life: made, signed, running, ended. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from afspraak.engine.in_force import Version
from afspraak.engine.time import local_date, zone_of
from afspraak.web.setup_agreements import party_name
from afspraak.web.speaking import Speaking

STAGES: Final = {
    "made": gettext_noop("In the making"),
    "signed": gettext_noop("To be signed"),
    "running": gettext_noop("In force"),
    "ended": gettext_noop("Ended"),
}
"""In their order."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of the life: `state` is `done`, `now` or `later`."""

    key: str
    name: str
    state: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an agreement is, and what is next, in a line."""

    key: str
    told: str

    @property
    def stages(self) -> tuple[Stage, ...]:
        """All steps, as far as they are done."""
        keys = list(STAGES)
        here = keys.index(self.key)
        states = ["done" if n < here else "now" if n == here else "later" for n in range(len(keys))]
        return tuple(
            Stage(key, _(STAGES[key]), state) for key, state in zip(keys, states, strict=True)
        )


def standing_of(
    versions: Sequence[Version], newest: Mapping[str, Version], speaking: Speaking
) -> Standing:
    """Where one agreement is, from all its versions; `newest` are those in force (C1)."""
    if not versions:
        return Standing("made", _("nothing to sign yet"))
    last = max(versions, key=lambda each: each.age)
    held = newest.get(last.agreement)
    waiting = [each for each in versions if not each.signed_at.keys() >= set(each.parties)]
    if held is None or held.until_at <= speaking.at:
        if waiting:
            return Standing("signed", _lacking(waiting[-1], speaking))
        if last.in_force_at > speaking.at:
            told = _("signed, holds from %(on)s") % {"on": _day(last.in_force_at, speaking)}
            return Standing("signed", told)
        return Standing("ended", _("since %(on)s") % {"on": _day(last.until_at, speaking)})
    told = _("until %(on)s") % {"on": _day(held.until_at, speaking)}
    newer = [each for each in waiting if each.from_at >= held.from_at]
    return Standing("running", f"{told}; {_lacking(newer[-1], speaking)}" if newer else told)


def _lacking(version: Version, speaking: Speaking) -> str:
    lacking = [party_name(each) for each in version.parties if each not in version.signed_at]
    return _("waits for the signature of %(who)s") % {"who": speaking.texts.together(lacking)}


def _day(at: int, speaking: Speaking) -> str:
    return speaking.texts.on_date(local_date(zone_of(speaking.zone), at))
