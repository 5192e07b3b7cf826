"""What an impact comes to: its priority, by the governing contract's own table."""

from collections.abc import Mapping

from afspraak.clocks.judge import Ground
from afspraak.engine.in_force import governing_version
from afspraak.engine.time import Refusal


def with_priority(
    fields: Mapping[str, str], ground: Ground, reported_at: int, as_of: int
) -> Mapping[str, str]:
    """The fields with the priority that the contract gives to their impact; unchanged outside every
    contract. Refuses an impact that the contract does not know.
    """
    try:
        governing = governing_version(ground.versions, reported_at, max(as_of, reported_at))
    except Refusal:
        return fields
    table = ground.clockwork(governing.version.id).terms.priority_of
    impact, service = fields["impact"], fields.get("service", "")
    found = table.get((impact, service)) or table.get((impact, ""))
    if found is None:
        known = ", ".join(dict.fromkeys(name for name, _ in table))
        raise Refusal(
            "the contract knows no %(field)s %(value)s: it has %(known)s",
            field="impact",
            value=impact,
            known=known,
        )
    return {**fields, "priority": found}
