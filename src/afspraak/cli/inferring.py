"""The door of `infer`: from an imported log to the promise behind it, told and written."""

import json
from collections.abc import Iterator
from pathlib import Path

from afspraak.cli.reading import ERRORS
from afspraak.sourcing.infer import Inferred, dates_of, infer
from afspraak.sourcing.infer_achieved import measured
from afspraak.sourcing.infer_closed import COUNTRIES
from afspraak.sourcing.infer_judge import Kind, rows_recorded
from afspraak.sourcing.infer_load import Loaded, load_recorded
from afspraak.sourcing.infer_report import as_json, proposals_json, rule_in_words, summary

_TOLD = 14


def infer_promise(facts: Path, out: Path | None) -> dict[str, object]:
    """Infers, prints what was found, and writes it all as JSON. Raises LogRefused."""
    loaded = load_recorded(facts)
    kind = Kind.OUTCOMES if len(rows_recorded(loaded.log, Kind.OUTCOMES)) else Kind.DEADLINES
    with ERRORS.status("inferring") as status:
        found = infer(loaded.log, kind=kind, tell=status.update)
        report = _report(loaded, found)
    for line in _told(report, found):
        print(line)
    if out is not None:
        out.write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        print(out)
    return report


def _report(loaded: Loaded, found: Inferred | None) -> dict[str, object]:
    log = loaded.log
    dates = dates_of(log, COUNTRIES) if found is None else found.dates
    proposed = measured(log, dates, None if found is None else found.promise)
    if found is None:
        return {"agreement": None, "proposals": proposals_json(proposed)}
    return {**as_json(found, loaded), "proposals": proposals_json(proposed)}


def _told(report: dict[str, object], found: Inferred | None) -> Iterator[str]:
    if found is None:
        yield "the log records neither outcomes nor deadlines: there is no promise to be found"
    else:
        yield from summary(found)
        yield from _checked(report, found)
    yield from ("", "What was achieved, as targets that could be promised:")
    proposals = report["proposals"]
    assert isinstance(proposals, list)
    for each in proposals:
        yield f"  {each['from']} to {each['until']}; {each['hours']}; by {each['by'] or 'nothing'}"
        for target in each["targets"][:_TOLD]:
            yield f"    {target['label']}: {target['text']} ({target['cases']} cases)"


def _checked(report: dict[str, object], found: Inferred) -> Iterator[str]:
    confusion, remainder = report.get("confusion"), report.get("remainder")
    if isinstance(confusion, dict):
        made, missed = confusion["all"]["recorded_made"], confusion["all"]["recorded_missed"]
        yield from ("", f"{'recorded':>16} {'promise kept':>14} {'promise missed':>14}")
        yield f"{'made':>16} {made['promise_kept']:>14} {made['promise_missed']:>14}"
        yield f"{'missed':>16} {missed['promise_kept']:>14} {missed['promise_missed']:>14}"
    if isinstance(remainder, dict):
        yield (
            f"no contract can express {remainder['contradict_every_contract']} of the"
            f" {remainder['disagreements']} disagreements at the least"
        )
    needs = report.get("contract_needs")
    for need in needs if isinstance(needs, list) else ():
        yield f"note: {need}"
    yield from ("", f"{report['rules_tried']} rules tried; the best with each of these:")
    for tried in found.tried:
        yield f"  {tried.agree:>7}  {tried.aspect}: {tried.value}  ({rule_in_words(tried.rule)})"
