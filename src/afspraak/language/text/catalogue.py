"""The catalogue as people read it: what each service costs at each level, and what a level
promises.
"""

from collections.abc import Iterator

from afspraak.language.catalogue import Catalogue, LevelTarget
from afspraak.language.document import Document
from afspraak.language.schema_base import LEVELS
from afspraak.language.text.frame import calendar_blocks, page_words
from afspraak.language.text.html import html
from afspraak.language.text.kinds import PHRASES
from afspraak.language.text.lexicon import Lexicon, lexicon_of
from afspraak.language.text.markdown import markdown
from afspraak.language.text.tree import Block, Heading, Line, Lines, Page, Span, Table, ours
from afspraak.language.text.words import Lang, fill, texts_of


def render_catalogue(catalogue: Catalogue, lang: Lang) -> str:
    """The catalogue as Markdown."""
    return markdown(catalogue_page(catalogue, lang))


def render_catalogue_html(catalogue: Catalogue, lang: Lang) -> str:
    """The catalogue as one self-contained page."""
    return html(catalogue_page(catalogue, lang))


def catalogue_page(catalogue: Catalogue, lang: Lang) -> Page:
    """Prices, promises, windows."""
    lexicon = catalogue_words(catalogue, lang)
    words = page_words(lexicon)
    valid = fill(
        words["catalogue_valid"],
        **{
            "from": PHRASES["date"].show(catalogue.from_on, lexicon),
            "until": PHRASES["date"].show(catalogue.until_on, lexicon),
        },
    )
    who = [catalogue.supplier.name]
    if catalogue.supplier.contact:
        who.append(PHRASES["uri"].show(catalogue.supplier.contact, lexicon))
    blocks: list[Block] = [
        Heading(1, ours(words["catalogue"])),
        Lines(((Span(", ".join(who), "user"),), ours(valid))),
        Heading(2, ours(words["catalogue_prices"]), anchor="prices"),
        _prices(catalogue, lexicon),
        Heading(2, ours(words["catalogue_levels"]), anchor="levels"),
        *_levels(catalogue, lexicon),
        Heading(2, ours(words["calendars"]), anchor="calendars"),
    ]
    for key, calendar in catalogue.calendars.items():
        blocks += calendar_blocks(key, calendar, lexicon)
    return Page(lang, words["catalogue"], catalogue.id, tuple(blocks))


def catalogue_words(catalogue: Catalogue, lang: Lang) -> Lexicon:
    """The names of the catalogue's things, by way of an empty contract that has the same."""
    level = next(iter(catalogue.levels))
    services = {
        key: {"name": service.name.model_dump(exclude_none=True), "level": level}
        for key, service in catalogue.services.items()
    }
    kept = catalogue.model_dump(
        mode="json",
        by_alias=True,
        exclude_unset=True,
        include={"id", "language", "currency", "zone", "calendars", "priorities"},
    )
    party = {"name": catalogue.supplier.name}
    frame = {
        "afspraak": "1",
        "law": "1",
        "parties": {"supplier": party, "customer": party},
        "services": services,
    }
    term = {"term": {"from": str(catalogue.from_on), "until": str(catalogue.until_on)}}
    return lexicon_of(Document.model_validate(kept | frame | term), lang)


def _prices(catalogue: Catalogue, lexicon: Lexicon) -> Table:
    """A row for each service, a column for each level."""
    levels = [level for level in LEVELS if level in catalogue.levels]
    head = (
        ours(page_words(lexicon)["service"]),
        *(ours(lexicon.enums["level"].show(level)) for level in levels),
    )
    rows = []
    for key, service in catalogue.services.items():
        cells = [_price(service.offers.get(level), lexicon) for level in levels]
        rows.append(((Span(lexicon.services.show(key), "user"),), *cells))
    return Table(head, tuple(rows))


def _price(offer: object, lexicon: Lexicon) -> Line:
    """The fee, and what comes with it."""
    words, told = page_words(lexicon), []
    for name, kind in (("fee", "rate"), ("surcharge", "amount"), ("start_up", "money")):
        value = getattr(offer, name, None)
        if value is not None:
            told.append(fill(words[f"catalogue_{name}"], value=PHRASES[kind].show(value, lexicon)))
    told += [
        fill(words["catalogue_bands"], value=PHRASES["range"].show(band, lexicon))
        for band in getattr(offer, "bands", ())
    ]
    return (Span("; ".join(told), "figure"),) if told else ours(words["absent"])


def _levels(catalogue: Catalogue, lexicon: Lexicon) -> Iterator[Block]:
    """What each level promises: a row for each measure, a column for each priority."""
    words = page_words(lexicon)
    titles = texts_of(lexicon.lang, "words")["measure_titles"]
    assert isinstance(titles, dict)
    for level in (each for each in LEVELS if each in catalogue.levels):
        offered = catalogue.levels[level]
        yield Heading(
            3, ours(lexicon.enums["level"].show(level).capitalize()), anchor=f"level-{level}"
        )
        told = fill(words["catalogue_window"], calendar=lexicon.calendars.show(offered.calendar))
        if offered.share is not None:
            told += " " + fill(
                words["catalogue_share"], share=PHRASES["share"].show(offered.share, lexicon)
            )
        yield Lines((ours(told),))
        measures = dict.fromkeys(target.measure for target in offered.targets)
        head = (
            ours(words["promise"]),
            *(ours(each) for each in catalogue.priorities or [words["no_priority"]]),
        )
        rows = [
            (
                ours(titles[measure]),
                *(
                    _target(offered.targets, measure, each, lexicon)
                    for each in catalogue.priorities or [""]
                ),
            )
            for measure in measures
        ]
        yield Table(head, tuple(rows), even=True)


def _target(
    targets: tuple[LevelTarget, ...], measure: str, priority: str, lexicon: Lexicon
) -> Line:
    """The target of a priority, else the one that holds for all."""
    for wanted in (priority, None):
        for target in targets:
            if target.measure == measure and target.priority == wanted:
                return (Span(PHRASES["duration"].show(target.value, lexicon), "figure"),)
    return ours(page_words(lexicon)["absent"])
