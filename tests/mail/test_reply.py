"""What somebody wrote, without what they quote."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afspraak.mail.reply import reply_of
from afspraak.notices.compose import ANSWER, REPLY_ABOVE

NEW = "Hallo,\n\nHet werkt weer, dank u.\n\nJan"
OLD = "\n> Werkt het weer?\n> Desk"


@pytest.mark.parametrize(
    "heading",
    [
        "Op ma 12 jan 2026 om 10:00 schreef Desk <desk@msp.example>:",
        "Op maandag 12 januari 2026 om 10:00 schreef Desk van de MSP\n<desk@msp.example>:",
        "Op 12-01-2026 om 10:00 schreef Desk:",
        "Op 12 jan. 2026, om 10:00 heeft Desk <desk@msp.example> het volgende geschreven:",
        "Desk schreef op 12-1-2026 om 10:00:",
        "Le lun. 12 janv. 2026 à 10:00, Desk <desk@msp.example> a écrit :",
        "Le 12/01/2026 à 10:00, Desk a écrit :",
        "On Mon, Jan 12, 2026 at 10:00 AM Desk <desk@msp.example> wrote:",
        "On Mon, Jan 12, 2026 at 10:00 AM Desk of the Long Named MSP\n<desk@msp.example> wrote:",
        "Am 12.01.2026 um 10:00 schrieb Desk <desk@msp.example>:",
        "-----Oorspronkelijk bericht-----\nVan: Desk",
        "-----Original Message-----\nFrom: Desk",
        "-----Message d'origine-----\nDe : Desk",
        "Van: Desk <desk@msp.example>\nVerzonden: maandag 12 januari 2026\nAan: Jan\nOnderwerp: RE",
        "*Van:* Desk <d@m.example>\n*Verzonden:* maandag 12 januari\n*Aan:* Jan\n*Onderwerp:* RE",
        "De : Desk <desk@msp.example>\nEnvoyé : lundi 12 janvier 2026 10:00\nÀ : Jan\nObjet : RE",
        "From: Desk <desk@msp.example>\nSent: Monday, January 12, 2026\nTo: Jan\nSubject: RE",
        "_" * 32 + "\nVan: Desk <d@m.example>\nVerzonden: maandag\nAan: Jan\nOnderwerp: x",
        *(REPLY_ABOVE.format(words) for words in ANSWER.values()),
        "> " + REPLY_ABOVE.format(ANSWER["nl"]),
    ],
)
def test_a_quoted_mail_is_cut_at_its_heading(heading: str) -> None:
    assert reply_of(f"{NEW}\n\n{heading}\n{OLD}").rstrip("_\n ") == NEW
    assert reply_of(f"{NEW}\n\n{heading}\nWerkt het weer?\n").rstrip("_\n ") == NEW


@pytest.mark.parametrize(
    "text",
    [
        "Van: dat ding hoor ik niets meer.\nGroet",
        "Op de printer staat: papier op",
        "Het gaat om:\nVan: 10 uur\nTot: 12 uur",
        "De secretaresse schreef dat het niet werkt.",
        "Le client a écrit que rien ne marche.",
    ],
)
def test_what_only_looks_like_a_heading_stays(text: str) -> None:
    assert reply_of(text) == text


def test_answers_between_quotations_stay() -> None:
    assert reply_of("> Werkt het?\nJa.\n> En nu?\nNee.") == "Ja.\nNee."


def test_where_nothing_is_left_the_whole_stays() -> None:
    assert reply_of("> alleen dit") == "> alleen dit"
    assert reply_of("Op ma 12 jan schreef Jan:\n> x") == "Op ma 12 jan schreef Jan:\n> x"


@given(st.text(alphabet="Opschreefvan: >-_\n*Dea écritLe", max_size=400))
def test_a_reply_is_made_of_lines_that_were_there(text: str) -> None:
    reply = reply_of(text)
    lines = {line.strip() for line in text.split("\n")}
    assert all(line.strip() in lines for line in reply.split("\n"))
