"""One open term as both sides see it: the wish, the measuring, the number that it proposes, and
what the past would have come to under that number.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from afspraak.amending.effects import effects_of
from afspraak.amending.experience import Experience, Kind
from afspraak.amending.load import with_value
from afspraak.amending.models import Hurt, TermWord
from afspraak.amending.proposal import MOST_CASES, Method, Proposal, proposed
from afspraak.amending.said import Words
from afspraak.engine.terms import Open, OpenTerm
from afspraak.engine.time import (
    HOUR,
    Duration,
    Refusal,
    WorkingDays,
    due_on,
    instant_of,
    parse_duration,
    zone_of,
)
from afspraak.language.text.lexicon import clause_titles, lexicon_of
from afspraak.web.amending.drawn import Picture, picture_of
from afspraak.web.amending.seen import Seen, once_in_a_while
from afspraak.web.amending.shown import EffectsShown, effects_shown
from afspraak.web.refusing import refused
from afspraak.web.rows import Badge
from afspraak.web.speaking import language

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Ground:
    """What the open terms of an agreement are shown from."""

    there: Seen
    experience: Experience
    hurts: Mapping[Kind, Hurt]
    words: Mapping[str, Words]


@dataclass(frozen=True, slots=True)
class WordShown:
    """What one side has said: whose side, and the word in one line; empty: nothing yet."""

    side: str
    is_ours: bool
    told: str


@dataclass(frozen=True, slots=True)
class TermShown:
    """One open term. `number` and `unit` are what its form begins with."""

    id: str
    title: str
    clause: str
    wish: str
    scope: str
    trial: str
    fill_on: str
    badge: Badge
    hurting: int
    hurting_told: str
    cases: str
    proposal: str
    part: str
    is_number: bool
    method: str
    notes: tuple[str, ...]
    picture: Picture | None
    effects: EffectsShown | None
    words: tuple[WordShown, ...]
    draft: str
    number: str
    unit: str


def terms_shown(ground: Ground) -> list[TermShown]:
    """Those first whose measurements are of kinds that hurt; then what is to be filled in first."""
    terms = ground.there.history.signed.terms.open_terms
    shown = [(each.fill_on, _term(ground, each)) for each in terms]
    return [term for _on, term in sorted(shown, key=lambda each: (-each[1].hurting, each[0]))]


def _term(ground: Ground, term: OpenTerm) -> TermShown:
    there = ground.there
    document, texts = there.history.document, there.speaking.texts
    found = ground.experience.measured.get(term.clause, [])[-MOST_CASES:]
    done, running, other = ground.experience.done(term)
    method = Method(term.quantile, term.confidence, term.bounds)
    proposal = proposed(done[-MOST_CASES:], running, method)
    said = ground.words.get(term.clause, Words())
    hurting = sum(each.kind in ground.hurts for each in found)
    number, unit = _begin(proposal, said, is_customer=there.is_customer)
    titles = clause_titles(document, language())
    return TermShown(
        id=term.clause,
        title=titles[term.clause],
        clause=there.history.signed.terms.numbers.get(term.clause, ""),
        wish=term.wish,
        scope=_scope(ground, term, titles),
        trial=_trial(there, term),
        fill_on=texts.on_date(term.fill_on),
        badge=_badge(there, term),
        hurting=hurting,
        hurting_told=_hurting(hurting),
        cases=ngettext("%(n)s measurement", "%(n)s measurements", len(found))
        % {"n": texts.number(len(found))},
        proposal=_proposal(there, term, proposal),
        part=texts.share(term.quantile),
        is_number=proposal.value is not None,
        method=_method(there, term, proposal),
        notes=tuple(_notes(proposal, running, other)),
        picture=picture_of(found, term.quantile, proposal.value, texts),
        effects=_effects(there, term, proposal.value) if proposal.value is not None else None,
        words=_words(there, said),
        draft=reverse("amending_preview", args=[said.draft]) if said.draft else "",
        number=number,
        unit=unit,
    )


def _hurting(number: int) -> str:
    return ngettext(
        "%(n)s of these reports is of a kind that hurt",
        "%(n)s of these reports are of a kind that hurt",
        number,
    ) % {"n": number}


def _scope(ground: Ground, term: OpenTerm, titles: Mapping[str, str]) -> str:
    """Whose target it is, and where."""
    terms, texts = ground.there.history.signed.terms, ground.there.speaking.texts
    words = lexicon_of(ground.there.history.document, language())
    promise = next(each for each in terms.promises if each.clause == term.of)
    told = []
    for rule in promise.rules:
        if isinstance(rule.target, Open) and rule.target.term == term.clause:
            named = [
                words.services.show(value) if name == "service" else value
                for name, value in rule.when.items()
            ]
            told.append(" · ".join(named) or _("everything"))
    return f"{titles[term.of]}: {texts.together(told)}"


def _trial(there: Seen, term: OpenTerm) -> str:
    if term.trial is None:
        return _("It is only measured.")
    texts, trial = there.speaking.texts, term.trial
    slots = {
        "from": texts.on_date(trial.from_on),
        "until": texts.on_date(trial.until_on - _DAY),
    }
    if trial.value is None:
        return _("From %(from)s up to and including %(until)s it is only measured.") % slots
    slots["value"] = there.speaking.long(trial.value)
    return (
        _(
            "From %(from)s up to and including %(until)s it is tried with %(value)s, without"
            " consequence."
        )
        % slots
    )


def _badge(there: Seen, term: OpenTerm) -> Badge:
    """Past its date it is a promise that both have missed (K10, K11)."""
    due = due_on(zone_of(there.speaking.zone), term.fill_on)
    if there.speaking.at > due:
        return Badge("late", "late", _("not filled in: a promise that you both missed"))
    return Badge("measuring", "measuring", _("is being measured"))


def _proposal(there: Seen, term: OpenTerm, found: Proposal) -> str:
    texts = there.speaking.texts
    if found.value is not None:
        slots = {
            "part": texts.share(term.quantile),
            "sure": texts.share(term.confidence),
            "value": there.speaking.long(found.value),
        }
        return _("%(part)s within %(value)s, with %(sure)s confidence") % slots
    if found.why == "running":
        return _("No number yet: too many of the longest ones still run.")
    if not found.needed:
        return _("No number of measurements can carry a promise about all of them.")
    slots = {"n": texts.number(found.cases), "needed": texts.number(found.needed)}
    return _("Too few to propose a number: %(n)s measured, %(needed)s needed.") % slots


def _method(there: Seen, term: OpenTerm, found: Proposal) -> str:
    """How the number was found, so that anybody can count after it."""
    texts = there.speaking.texts
    if found.place is None or found.measured is None:
        return ""
    slots = {
        "n": texts.number(found.cases),
        "place": texts.number(found.place),
        "measured": there.speaking.long(found.measured),
        "sure": texts.share(term.confidence),
        "part": texts.share(term.quantile),
    }
    return (
        _(
            "Of %(n)s measurements in order of length, number %(place)s took %(measured)s. Whatever"
            " the work is like: with at least %(sure)s confidence, %(part)s of it takes no longer"
            " than that. Rounded up to half hours."
        )
        % slots
    )


def _notes(found: Proposal, running: int, other: int) -> list[str]:
    notes = []
    if running:
        notes.append(
            ngettext(
                "%(n)s still runs: it counts as longer than all that are done.",
                "%(n)s still run: they count as longer than all that are done.",
                running,
            )
            % {"n": running}
        )
    if other:
        notes.append(_("%(n)s were measured in another unit, and are left out.") % {"n": other})
    if found.bound == "lower":
        notes.append(_("The contract proposes nothing shorter than this."))
    if found.bound == "upper":
        notes.append(_("The contract proposes nothing longer than this; what was measured is."))
    return notes


def _effects(there: Seen, term: OpenTerm, value: Duration) -> EffectsShown | None:
    """All that was reported, under the proposal beside today's text."""
    history = there.history

    def made() -> EffectsShown:
        effects = effects_of(
            history.logs,
            history.contract,
            with_value(history.contract, term.clause, value),
            span=history.span,
            as_of=history.as_of,
            services=history.services,
        )
        return effects_shown(effects, there.speaking.texts, _("Month by month"))

    key = ("term", *there.key, term.clause, str(value), language())
    try:
        return once_in_a_while(key, made)
    except Refusal as refusal:
        return EffectsShown(refused(refusal), None, "")


def _words(there: Seen, said: Words) -> tuple[WordShown, ...]:
    row = there.agreement
    pairs = ((row.supplier, said.supplier), (row.customer, said.customer))
    return tuple(
        WordShown(side.name, side.pk == there.identity.organisation, _told(there, word))
        for side, word in pairs
    )


def _told(there: Seen, word: TermWord | None) -> str:
    if word is None:
        return ""
    texts = there.speaking.texts
    slots = {
        "value": there.speaking.long(parse_duration(word.value)),
        "from": texts.on_date(word.from_on),
        "who": word.person.name if word.person else "",
        "at": texts.full(instant_of(word.said_at)),
    }
    if word.open_tickets:
        return _("%(value)s from %(from)s, open tickets too (%(who)s, %(at)s)") % slots
    return _("%(value)s from %(from)s (%(who)s, %(at)s)") % slots


def _begin(found: Proposal, said: Words, *, is_customer: bool) -> tuple[str, str]:
    """What the form begins with: the other side's word, else the proposal."""
    other = said.supplier if is_customer else said.customer
    value = parse_duration(other.value) if other else found.value
    if value is None:
        return "", "hours"
    if isinstance(value, WorkingDays):
        return str(value.days), "days"
    hours, rest = divmod(value.microseconds, HOUR)
    return f"{hours}.5" if rest else str(hours), "hours"
