"""Refusals of the law and of the rooms below, in the words of whoever reads the page.

They are raised as English templates with slots; the catalogue holds each of them
(`tests/doors/test_words.py` sees to that), so that no reader is refused in a foreign language.
"""

from django.utils.translation import gettext as _

from afspraak.engine.in_force import NotCovered
from afspraak.engine.time import Refusal
from afspraak.reports.texts import Texts
from afspraak.web.speaking import Speaking

FIELDS = ("field", "told", "lacking")
"""Slots that name finite fields of a report."""
SUMS = ("limit", "total")
"""Slots that hold a sum, as it is kept."""


def refused(refusal: Refusal, speaking: Speaking | None = None) -> str:
    """A refusal in the reader's language; its instants on the wall of the reader's zone."""
    if isinstance(refusal, NotCovered):
        return _("No agreement that both signed was in force when this was reported.")
    told = _(refusal.message)
    if not refusal.slots:
        return told
    return told % {name: _slot(name, each, speaking) for name, each in refusal.slots.items()}


def _slot(name: str, value: str | int, speaking: Speaking | None) -> str:
    """A slot as people say it."""
    if speaking is None:
        return str(value)
    if isinstance(value, int):
        return speaking.moment(value)
    texts = speaking.texts
    if name == "code":
        return happening(texts, value)
    if name == "party":
        return texts.word("party", value)
    if name in FIELDS:
        return " ".join(texts.word("field", each) for each in value.split(" "))
    return texts.sum(value) if name in SUMS else value


def happening(texts: Texts, code: str, **slots: str) -> str:
    """What a fact's code is called; a slot that is not filled leaves nothing behind."""
    if code not in texts.words("fact"):
        return code
    empty = dict.fromkeys(("to", "by", "why", "until", "reported", "fields"), "")
    return texts.say("fact", code, **{**empty, **slots}).rstrip(": ")
