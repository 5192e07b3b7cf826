"""The made year's contracts: each customer's, from the template that fits, checked and frozen."""

from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Final

from afspraak.engine.time import TZDATA_VERSION
from afspraak.language.document import Document
from afspraak.language.holidays import holidays_between, library_version
from afspraak.language.move import moved_tree
from afspraak.language.nodes import plain
from afspraak.language.reader import read
from afspraak.language.write import write
from afspraak.tickets.sample_customers import SECTORS, Customer

OWN_SYSTEM: Final = {
    "msp-vier-niveaus": "kassa",
    "met-derde-partij": "drukstraat",
    "sla-2-0": "dossier",
}
"""The service of a template that every customer has a system of its own for."""

PACKAGES: Final = {
    "platinum": ("platinum", "gold", "gold", "silver", "custom"),
    "gold": ("gold", "gold", "silver", "bronze", "gold"),
    "silver": ("silver", "silver", "silver", "bronze", "silver"),
    "bronze": ("silver", "bronze", "bronze", "bronze", "bronze"),
}
"""Levels of internet, e-mail, workplace, printers and the own system; `mixed`: the template's."""

_FEES: Final = {"platinum": 180, "custom": 150, "gold": 130, "silver": 100, "bronze": 70}

Tree = dict[str, Any]


def contract_of(
    customer: Customer, seed: int, tickets_per_month: int, weeks: int = 0
) -> tuple[bytes, Document]:
    """The contract as bytes and as the document that they hold, its dates moved by whole weeks.

    It is sound as far as its template is: the tests check every one of them.
    """
    tree = _template(customer.template)
    supplier = _template("msp-vier-niveaus")["parties"]["supplier"]
    tree = _swapped(tree, _parties(tree, customer, supplier) | _systems(customer))
    tree["parties"]["supplier"] = supplier
    tree["id"] = f"{customer.country.lower()}-2027-{customer.number:04}"
    _at_home(tree, customer)
    _services(tree, customer)
    _sites(tree, customer)
    _volumes(tree, tickets_per_month)
    if weeks:
        tree = moved_tree(tree, weeks)
    _freeze(tree)
    document = Document.model_validate(tree)
    head = (
        f"# An invented contract, made by `afspraak sample year --seed {seed}` from a template.\n"
    )
    return head.encode() + write(document), document


@cache
def _template(name: str) -> Tree:
    path = files("afspraak.language") / "templates" / f"{name}.yaml"
    root, faults = read(path.read_bytes(), name)
    assert root is not None, faults
    tree = plain(root)
    assert isinstance(tree, dict)
    return tree


def _freeze(tree: Tree) -> None:
    """The public holidays as dates, as `afspraak freeze` writes them."""
    tree["frozen"] = {"holidays": library_version(), "tzdata": TZDATA_VERSION}
    for calendar in tree["calendars"].values():
        if "holidays" in calendar:
            cover = (
                date.fromisoformat(calendar["cover"][0]),
                date.fromisoformat(calendar["cover"][1]),
            )
            found = _holidays(calendar["holidays"], cover, tree["language"])
            calendar["holiday_dates"] = {on.isoformat(): name for on, name in found.items()}


_holidays = cache(holidays_between)


def _swapped(node: Any, words: dict[str, str]) -> Any:
    """The tree with whole texts and keys exchanged."""
    if isinstance(node, str):
        return words.get(node, node)
    if isinstance(node, list):
        return [_swapped(item, words) for item in node]
    return {words.get(key, key): _swapped(value, words) for key, value in node.items()}


def _parties(tree: Tree, customer: Customer, supplier: Tree) -> dict[str, str]:
    """The template's own parties' words, each with what stands in its place."""
    was, old = tree["parties"]["customer"], tree["parties"]["supplier"]
    signers = [signer["name"] for signer in was["signers"]]
    number = f"{customer.number:04}"
    phone = "+3172555" if customer.country == "NL" else "+323255"
    words = {
        was["name"]: customer.name,
        was["register"]: register_of(customer),
        was["contact"]: f"tel:{phone}{number}",
        old["contact"]: supplier["contact"],
        signers[0]: customer.signer,
    }
    if "address" in was:
        words[was["address"]] = f"Dorpsstraat {customer.number}, {customer.town}"
    if "vat" in was:
        number = register_of(customer)[4:]
        words[was["vat"]] = f"NL00{number[:7]}B01" if customer.country == "NL" else f"BE{number}"
    for signer in signers[1:]:
        words[signer] = f"Robin {customer.signer.split(' ', 1)[1]}"
    return words


def register_of(customer: Customer) -> str:
    """A number that the registers have not reached, with the check digits that KBO asks."""
    if customer.country == "NL":
        return f"kvk:9900{customer.number:04}"
    first = 9_990_000 + customer.number
    return f"kbo:0{first}{97 - first % 97:02}"


def _systems(customer: Customer) -> dict[str, str]:
    own = OWN_SYSTEM.get(customer.template)
    return {own: SECTORS[customer.sector].system} if own else {}


def _at_home(tree: Tree, customer: Customer) -> None:
    """A Belgian customer under a Dutch template: its zone, its holidays, its court."""
    if customer.country == "BE" and tree["zone"] == "Europe/Amsterdam":
        tree["zone"] = "Europe/Brussels"
        tree["jurisdiction"] = {"country": "BE"}
        for calendar in tree["calendars"].values():
            calendar["zone"] = "Europe/Brussels"
            if "holidays" in calendar:
                calendar["holidays"] = "BE"


def _services(tree: Tree, customer: Customer) -> None:
    """Levels by package, fees by level, units by seats."""
    sector = SECTORS[customer.sector]
    levels = PACKAGES.get(customer.package)
    for place, (name, service) in enumerate(tree["services"].items()):
        if name == sector.system and customer.template in OWN_SYSTEM:
            service["name"] = dict(sector.names)
        if levels:
            _to_level(service, levels[place])
        if "units" in service and service["units"] not in ("3", "6", "8"):
            service["units"] = str(customer.seats)
            if "bands" in service:
                seats = customer.seats
                service["bands"] = [[str(seats * 3 // 4), str(seats * 3 // 2)]]
    held = {service["level"] for service in tree["services"].values()}
    for clause in tree["clauses"]:
        if "targets" in clause:
            clause["targets"] = [row for row in clause["targets"] if _holds(row, held)]
        for asset in clause.get("assets", ()):
            if "number" in asset:
                asset["number"] = str(customer.seats)


def _holds(row: Tree, levels: set[str]) -> bool:
    """Whether a row of targets speaks of a level that some service has."""
    level = row.get("when", {}).get("level")
    return level is None or level in levels


def _to_level(service: Tree, level: str) -> None:
    amount, rest = service["fee"].removeprefix("EUR ").split(" ", 1)
    cents = int(amount.replace(".", "")) * _FEES[level] // _FEES[service["level"]]
    service["level"] = level
    service["fee"] = f"EUR {cents // 100}.{cents % 100:02} {rest}"
    if level != "custom":
        service.pop("surcharge", None)


def _sites(tree: Tree, customer: Customer) -> None:
    if "sites" in tree:
        for site in tree["sites"]:
            tree.get("names", {}).pop(site, None)
        tree["sites"] = list(SECTORS[customer.sector].sites)
        if not tree.get("names", True):
            del tree["names"]


def _volumes(tree: Tree, tickets_per_month: int) -> None:
    """What is expected a month, and half as much again (the template's own proportion)."""
    for clause in tree["clauses"]:
        if clause["type"] == "volume":
            usual = tickets_per_month * 5 // 4
            bands = [["0", str(usual)], [str(usual + 1), str(usual * 3 // 2 + 1)]]
            clause["bands"] = [{"units": band} for band in bands]
