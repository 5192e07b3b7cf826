"""The words in which worked examples are told, Dutch and English, both ways: to be read in, and to
say an answer in. One zone for all of them: Amsterdam's.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from afspraak.engine.time import WorkingDays, parse_duration, parse_instant

ZONE = "Europe/Amsterdam"
MICROSECONDS = 1_000_000


@dataclass(frozen=True)
class Words:
    """A language's."""

    keys: dict[str, str]
    facts: dict[str, str]
    measures: dict[str, str]
    causes: dict[str, str]
    states: dict[str, str]
    rhythms: dict[str, str]
    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    units: tuple[str, str, str, str, str, str]  # hour, hours, minute, minutes, working day(s)
    always: str
    late: str  # what stands before the moment at which a fact was written down
    until: str
    of: str
    kept: tuple[str, str]
    credit: str
    notice: str
    decimal: str

    def moment(self, text: str) -> str:
        """`di 2 mrt 2027 10:00` as an instant with its offset; its weekday must be right."""
        weekday, day, month, year, time = text.split()
        hour, minute = map(int, time.split(":"))
        local = datetime(
            int(year),
            self.months.index(month) + 1,
            int(day),
            hour,
            minute,
            tzinfo=ZoneInfo(ZONE),
        )
        assert self.weekdays[local.weekday()] == weekday, text
        return local.isoformat()

    def told_moment(self, at: object) -> str:
        """The inverse."""
        micros = at if isinstance(at, int) else parse_instant(at)
        local = datetime.fromtimestamp(micros / MICROSECONDS, ZoneInfo(ZONE))
        assert (local.second, local.microsecond) == (0, 0), local
        return f"{self.weekdays[local.weekday()]} {self.told_date(local)} {local:%H:%M}"

    def date(self, text: str) -> str:
        """`31 jan 2027` as a date."""
        day, month, year = text.split()
        return date(int(year), self.months.index(month) + 1, int(day)).isoformat()

    def told_date(self, on: "date | str") -> str:
        """The inverse."""
        on = date.fromisoformat(on) if isinstance(on, str) else on
        return f"{on.day} {self.months[on.month - 1]} {on.year}"

    def duration(self, text: str) -> str:
        """`1 uur 30 minuten`, `3 werkdagen`."""
        hour, hours, minute, minutes, day, days = self.units
        found = re.findall(r"(\d+) ([a-z ]*[a-z])", text)
        assert found, text
        amounts = {unit: amount for amount, unit in found}
        if working := amounts.get(day) or amounts.get(days):
            return f"{working} working day{'s' * (working != '1')}"
        assert amounts.keys() <= {hour, hours, minute, minutes}, text
        told_hours = amounts.get(hours) or amounts.get(hour)
        told_minutes = amounts.get(minutes) or amounts.get(minute)
        return f"PT{f'{told_hours}H' * bool(told_hours)}{f'{told_minutes}M' * bool(told_minutes)}"

    def told_duration(self, text: object) -> str:
        """The inverse."""
        told = parse_duration(text)
        hour, hours, minute, minutes, day, days = self.units
        if isinstance(told, WorkingDays):
            return f"{told.days} {day if told.days == 1 else days}"
        whole, rest = divmod(told.microseconds, 60 * MICROSECONDS)
        assert rest == 0, text
        parts = ((whole // 60, hour, hours), (whole % 60, minute, minutes))
        named = [f"{many} {one if many == 1 else more}" for many, one, more in parts if many]
        return " ".join(named) or f"0 {minutes}"

    def number(self, text: str) -> str:
        """A figure as this language writes it."""
        return text.replace(".", self.decimal)

    def plain(self, text: str) -> str:
        """A figure of this language, as the cases write it."""
        return text.replace(self.decimal, ".")


TOLD = {  # code: in Dutch, in English
    "reported": ("gemeld", "reported"),
    "acknowledged": ("automatische bevestiging", "automatic receipt"),
    "supplier_contact": ("contact door de leverancier", "contact by the supplier"),
    "customer_contact": ("contact door de klant", "contact by the customer"),
    "question": ("vraag aan de klant", "question to the customer"),
    "answer": ("antwoord van de klant", "answer of the customer"),
    "diagnosis": ("diagnose", "diagnosis"),
    "expectation": ("ons woord", "our word"),
    "solved": ("opgelost", "solved"),
    "rejected": ("afgewezen", "rejected"),
    "reclassified": ("anders ingedeeld", "reclassified"),
    "confirmed": ("bevestigd door de klant", "confirmed by the customer"),
}
"""The facts."""
MEASURED = {
    "first_response": ("eerste reactie", "first response"),
    "next_response": ("volgende reactie", "next response"),
    "diagnosis": ("diagnose", "diagnosis"),
    "resolution": ("oplossing", "resolution"),
    "expectation": ("ons woord", "our word"),
    "answer": ("antwoord", "answer"),
}
"""What is promised, the same way."""
KEYS = {
    "hours": ("Servicevenster", "Service hours"),
    "promise": ("Belofte", "Promise"),
    "pauses": ("Stil bij", "Stands still with"),
    "as_of": ("Op", "At"),
    "outcome": ("Uitkomst", "Outcome"),
    "at_least": ("Beloofd", "Promised"),
    "met": ("Nagekomen", "Kept"),
    "missed": ("Gemist", "Missed"),
    "relieved": ("Waarvan ontheven", "Of which relieved"),
    "period": ("Periode", "Period"),
    "outage": ("Uitval", "Outage"),
    "fee": ("Prijs in de periode", "Fee of the period"),
    "bands": ("Korting", "Credit"),
    "cap": ("Hoogstens", "At most"),
    "first_on": ("Eerste keer", "First on"),
    "every": ("Elke", "Every"),
    "term": ("Looptijd", "Term"),
    "notice": ("Opzegtermijn", "Notice"),
    "v1": ("Versie 1", "Version 1"),
    "v2": ("Versie 2", "Version 2"),
    "reported": ("Gemeld", "Reported"),
}
"""What a line of an example begins with."""
IN_DUTCH, IN_ENGLISH = range(2)


def codes(told: dict[str, tuple[str, str]], language: int) -> dict[str, str]:
    """A language's words -> the codes."""
    return {words[language]: code for code, words in told.items()}


DUTCH = Words(
    keys=codes(KEYS, IN_DUTCH),
    facts=codes(TOLD, IN_DUTCH),
    measures=codes(MEASURED, IN_DUTCH),
    causes={"nieuwe feiten": "new_facts", "verkeerd ingeschat": "misjudged"},
    states={
        "running": "loopt, nog {left}, vóór {due}",
        "running_word": "loopt, vóór {due}",
        "paused": "staat stil, nog {left}",
        "met": "nagekomen op {done}",
        "missed": "gemist op {missed}",
    },
    rhythms={"maand": "1 month", "3 maanden": "3 months", "jaar": "1 year"},
    weekdays=("ma", "di", "wo", "do", "vr", "za", "zo"),
    months=("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"),
    units=("uur", "uur", "minuut", "minuten", "werkdag", "werkdagen"),
    always="dag en nacht",
    late="opgeschreven",
    until=" tot ",
    of="van",
    kept=("nagekomen", "niet nagekomen"),
    credit="korting EUR {sum}",
    notice="opzeggen kan tot en met {on}",
    decimal=",",
)
ENGLISH = Words(
    keys=codes(KEYS, IN_ENGLISH),
    facts=codes(TOLD, IN_ENGLISH),
    measures=codes(MEASURED, IN_ENGLISH),
    causes={"new facts": "new_facts", "misjudged": "misjudged"},
    states={
        "running": "running, {left} left, before {due}",
        "running_word": "running, before {due}",
        "paused": "stands still, {left} left",
        "met": "kept on {done}",
        "missed": "missed on {missed}",
    },
    rhythms={"month": "1 month", "3 months": "3 months", "year": "1 year"},
    weekdays=("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    months=("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    units=("hour", "hours", "minute", "minutes", "working day", "working days"),
    always="day and night",
    late="written down",
    until=" until ",
    of="of",
    kept=("kept", "not kept"),
    credit="credit EUR {sum}",
    notice="notice may be given up to and including {on}",
    decimal=".",
)
LANGUAGES = {"voorbeeld": DUTCH, "example": ENGLISH}
"""The word after the fence -> the language."""
