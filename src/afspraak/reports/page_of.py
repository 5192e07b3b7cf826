"""The page of a replay: one HTML file that needs nothing else, for a screen, a phone and paper."""

from collections.abc import Mapping
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined

from afspraak.reports.compare import Comparison
from afspraak.reports.groups import groups_of
from afspraak.reports.replay import Replay
from afspraak.reports.texts import Language, Texts
from afspraak.reports.view_accounts import earned_back, judged, judged_line, money, uptimes
from afspraak.reports.view_against import against
from afspraak.reports.view_heat import by_day, by_week
from afspraak.reports.view_misses import misses
from afspraak.reports.view_plots import monthly, spread
from afspraak.reports.view_promises import customers, cuts, headline, key_figures, promises
from afspraak.reports.view_turns import turns
from afspraak.reports.view_unjudged import Provenance, basis, not_from_tickets, reasons


def page(
    replay: Replay,
    provenance: Provenance,
    *,
    language: Language = "nl",
    comparison: Comparison | None = None,
) -> str:
    """The whole page as HTML, in a language."""
    texts = Texts(language, replay.zone)
    view = _view(texts, replay, provenance)
    view["against"] = against(texts, comparison) if comparison else None
    folder = files("afspraak.reports").joinpath("page")
    style = folder.joinpath("style.css").read_text(encoding="utf-8")
    script = folder.joinpath("theme.js").read_text(encoding="utf-8")
    template = _environment().get_template("report.html.j2")
    return template.render(view, t=texts, style=style, script=script)


def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("afspraak.reports", "page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _view(texts: Texts, replay: Replay, provenance: Provenance) -> dict[str, object]:
    groups = groups_of(replay.contracts, texts)
    outside = not_from_tickets(replay)
    return {
        "strict": replay.strict,
        "names": [contract.name for contract in replay.contracts],
        "generated": provenance.generated,
        "about": _about(texts, replay),
        "headline": headline(texts, replay, groups),
        "sub": _sub(texts, replay),
        "key_figures": list(key_figures(texts, replay, groups)),
        "promises": promises(texts, replay, groups),
        "monthly": list(monthly(texts, replay, groups)),
        "spread": list(spread(texts, replay, groups)),
        "turns": list(turns(texts, replay, groups)),
        "heat": [by_week(texts, replay), by_day(texts, replay)],
        "cuts": list(cuts(texts, replay, groups)),
        "customers": customers(texts, replay, groups),
        "judged_line": judged_line(texts, replay),
        "judged": judged(texts, replay),
        "uptimes": uptimes(texts, replay),
        "money": list(money(texts, replay)),
        "has_money": any(contract.terms.consequences for contract in replay.contracts),
        "earned": list(earned_back(texts, replay)),
        "misses": list(misses(texts, replay, groups)),
        "reasons": list(reasons(texts, replay)),
        "unreported": texts.number(replay.unreported) if replay.unreported else "",
        "outside": ", ".join(outside),
        "basis": list(basis(texts, replay, provenance)),
    }


def _about(texts: Texts, replay: Replay) -> Mapping[str, str]:
    """The banner: what this page is, and for print the same in a few words."""
    slots = {
        "from": texts.on_date(replay.dates.from_on),
        "until": texts.on_date(texts.on(replay.as_of)),
        "n": texts.number(len(replay.contracts)),
    }
    many = "whatif_many" if len(replay.contracts) > 1 else "whatif"
    word = "strict" if replay.strict else many
    kind = "strict" if replay.strict else "whatif"
    return {
        "label": texts.say("page", f"{kind}_label"),
        "text": texts.say("page", word, **slots),
        "print": texts.say("page", f"print_{kind}"),
    }


def _sub(texts: Texts, replay: Replay) -> str:
    tickets = texts.number(replay.tickets)
    return texts.say("page", "sub", tickets=tickets, as_of=texts.full(replay.as_of))
