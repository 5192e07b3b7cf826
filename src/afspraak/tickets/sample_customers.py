"""The made year's supplier's customers: forty, all invented, Dutch and Flemish."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

Template = Literal["msp-vier-niveaus", "kleine-reseller", "met-derde-partij", "sla-2-0"]
Package = Literal["mixed", "platinum", "gold", "silver", "bronze"]


@dataclass(frozen=True, slots=True)
class Sector:
    """What customers of a kind have: the system that only they run, and their places."""

    system: str
    names: Mapping[str, str]
    sites: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Customer:
    """One invented customer; `place` in the table is what its numbers are made of."""

    number: int
    name: str
    town: str
    country: Literal["NL", "BE"]
    sector: str
    seats: int
    template: Template
    package: Package
    signer: str

    @property
    def slug(self) -> str:
        """The contract's file name, without its ending."""
        kept = "".join(c if c.isalnum() else "-" for c in self.name.lower())
        return "-".join(part for part in kept.split("-") if part not in ("", "b", "v", "bv", "nv"))


def _system(name: str, nl: str, fr: str, en: str, *sites: str) -> Sector:
    first, second = sites
    return Sector(name, {"nl": nl, "fr": fr, "en": en}, (first, second))


SECTORS: Final[Mapping[str, Sector]] = {
    "shop": _system("kassa", "Kassa", "Caisse", "Till", "winkel", "magazijn"),
    "care": _system(
        "patienten",
        "Patiëntendossier",
        "Dossier des patients",
        "Patient files",
        "praktijk",
        "thuis",
    ),
    "office": _system("dossiers", "Dossiersysteem", "Dossiers", "Case system", "kantoor", "thuis"),
    "plant": _system("productie", "Productie", "Production", "Production", "fabriek", "kantoor"),
    "roads": _system("planning", "Ritplanning", "Planning", "Route planning", "loods", "kantoor"),
    "school": _system("leerlingen", "Leerlingvolgsysteem", "Élèves", "Pupils", "school", "bureau"),
    "guests": _system("boekingen", "Boekingen", "Réservations", "Bookings", "balie", "keuken"),
}
"""Kinds of customers."""

_TABLE: Final = """
Bakkerij De Korenaar B.V.|Schagen|NL|shop|40|msp-vier-niveaus|mixed|Joost Visser
Houthandel De Zaagbok B.V.|Hoorn|NL|shop|34|msp-vier-niveaus|silver|Tessa Kramer
Tandartsen aan de Kiesweg|Alkmaar|NL|care|18|msp-vier-niveaus|gold|Imke Hofstra
Balans & Baat Accountants B.V.|Heerhugowaard|NL|office|46|msp-vier-niveaus|gold|Ruben Postma
Kwekerij Het Warme Veld B.V.|Aalsmeer|NL|plant|52|msp-vier-niveaus|bronze|Gerrit Zwart
Lange Lading Transport B.V.|Beverwijk|NL|roads|75|msp-vier-niveaus|platinum|Fatima El Idrissi
Basisschool De Wilgenroos|Purmerend|NL|school|38|msp-vier-niveaus|bronze|Anouk Meijer
Fysiotherapie Soepel|Heiloo|NL|care|12|msp-vier-niveaus|silver|Bas Winter
Draad & Buis Installaties B.V.|Zaandam|NL|plant|64|msp-vier-niveaus|silver|Henk Schut
Uitgeverij De Zetlijn B.V.|Haarlem|NL|office|29|msp-vier-niveaus|gold|Lotte van Rijn
Woonzorg Avondlicht|Castricum|NL|care|110|msp-vier-niveaus|platinum|Marja Dekker
Sleutel & Stoep Makelaars|Bergen|NL|office|16|msp-vier-niveaus|silver|Pim Groot
Machinefabriek Het Tandwiel B.V.|Den Helder|NL|plant|88|msp-vier-niveaus|mixed|Cor Bakker
Hotel De Klokkenstoel B.V.|Enkhuizen|NL|guests|31|msp-vier-niveaus|platinum|Sofie de Graaf
Visgroothandel Zilt B.V.|IJmuiden|NL|plant|44|msp-vier-niveaus|gold|Klaas Tol
Reisbureau De Verte|Medemblik|NL|guests|11|msp-vier-niveaus|silver|Nina Veenstra
Garage Bout tot Moer B.V.|Langedijk|NL|shop|15|msp-vier-niveaus|bronze|Dirk Smit
Lijn & Licht Architecten|Egmond|NL|office|21|msp-vier-niveaus|gold|Eva Koster
Kaasmakerij De Stremming|Edam|NL|plant|26|msp-vier-niveaus|silver|Teun Mooij
Dierenkliniek De Zachte Poot|Broek op Langedijk|NL|care|14|msp-vier-niveaus|mixed|Iris Blom
Drukkerij De Rasterpunt BV|Turnhout|BE|plant|42|msp-vier-niveaus|gold|Wim Peeters
Meubelhuis Het Vierkant BV|Herentals|BE|shop|36|msp-vier-niveaus|silver|An Vermeulen
Zorghuis De Linde vzw|Geel|BE|care|70|msp-vier-niveaus|platinum|Kristel Maes
Bouwbedrijf Steenslag NV|Mol|BE|plant|58|msp-vier-niveaus|bronze|Luc Goossens
Notariskantoor De Wit|Utrecht|NL|office|18|sla-2-0|mixed|Simon de Wit
Advocaten Recht & Raad|Amersfoort|NL|office|27|sla-2-0|mixed|Yara Bos
Ingenieursbureau De Overspanning|Zeist|NL|office|33|sla-2-0|mixed|Maarten Kok
Apotheek Lindeboom|Deinze|BE|care|7|kleine-reseller|mixed|Els De Smet
Slagerij Het Hakblok|Aalter|BE|shop|5|kleine-reseller|mixed|Geert Claeys
Bloemen De Steel|Eeklo|BE|shop|4|kleine-reseller|mixed|Leen Wauters
Boekhandel Ezelsoor|Gent|BE|shop|6|kleine-reseller|mixed|Jonas De Clercq
Kinesitherapie Lenig|Lokeren|BE|care|8|kleine-reseller|mixed|Hanne Pauwels
Fietsenwinkel Tandvlees|Wetteren|BE|shop|5|kleine-reseller|mixed|Bart Mertens
Taverne De Trage Tap|Zele|BE|guests|6|kleine-reseller|mixed|Ilse Jacobs
Muziekschool Het Akkoord|Melle|BE|school|9|kleine-reseller|mixed|Pieter Aerts
Drukkerij Sol|Mechelen|BE|plant|22|met-derde-partij|mixed|Tom Wouters
Brouwerij De Gulle Kraan NV|Boom|BE|plant|48|met-derde-partij|mixed|Katrien Smets
Textiel Schering & Inslag NV|Lier|BE|plant|65|met-derde-partij|mixed|Koen Lambrechts
Koelhuis Noordpool NV|Willebroek|BE|roads|39|met-derde-partij|mixed|Sara Willems
Studio Beeldbuis BV|Antwerpen|BE|office|24|met-derde-partij|mixed|Nele Hermans
"""


def _read(number: int, line: str) -> Customer:
    name, town, country, sector, seats, template, package, signer = line.split("|")
    return Customer(
        number,
        name,
        town,
        country,  # type: ignore[arg-type]  # the table above
        sector,
        int(seats),
        template,  # type: ignore[arg-type]
        package,  # type: ignore[arg-type]
        signer,
    )


CUSTOMERS: Final = tuple(
    _read(number, line) for number, line in enumerate(_TABLE.strip().splitlines(), 1)
)
"""All of them, in the order of their numbers."""
