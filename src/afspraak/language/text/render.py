"""The whole contract as people read and sign it, in any of the languages: as Markdown and as a page
to print.
"""

from afspraak.language.document import Document
from afspraak.language.text.clauses import blocks_of, note_of
from afspraak.language.text.definitions import definitions
from afspraak.language.text.frame import frame, page_words, signatures
from afspraak.language.text.html import html
from afspraak.language.text.keypage import key_page
from afspraak.language.text.lexicon import Lexicon, clause_titles, lexicon_of
from afspraak.language.text.markdown import markdown
from afspraak.language.text.numbers import chapters, clause_numbers
from afspraak.language.text.tree import Aside, Block, Heading, Lines, Page, PageEnd, Span, ours
from afspraak.language.text.words import Lang, fill, texts_of


def render_text(document: Document, lang: Lang) -> str:
    """The full contract text as Markdown. `document` is a checked one (`check`)."""
    return markdown(page_of(document, lang))


def render_html(document: Document, lang: Lang) -> str:
    """The same text as one self-contained page, for screen and paper."""
    return html(page_of(document, lang))


def terms_page(document: Document, lang: Lang) -> Page:
    """The typed terms alone: without page one and without examples, which need a document that
    passes `check`.
    """
    lexicon = lexicon_of(document, lang)
    blocks = [
        *frame(document, lexicon),
        *_clauses(document, lexicon),
        *signatures(document, lexicon),
    ]
    return Page(lang, page_words(lexicon)["title"], "", tuple(blocks))


def page_of(document: Document, lang: Lang) -> Page:
    """Page one, what holds for all, the words with their examples, the numbered clauses, the
    signatures.
    """
    lexicon = lexicon_of(document, lang)
    words = page_words(lexicon)
    blocks = [
        *_head(document, lexicon),
        *key_page(document, lexicon),
        PageEnd(),
        *frame(document, lexicon),
        *definitions(document, lexicon),
        *_clauses(document, lexicon),
        *signatures(document, lexicon),
    ]
    foot = fill(
        words["foot"],
        id=document.id,
        version=str(document.version.number) if document.version else "1",
        language=lexicon.enums["languages"].show(lang),
        law=document.law,
    )
    return Page(lang, words["title"], foot, tuple(blocks))


def _head(document: Document, lexicon: Lexicon) -> list[Block]:
    words, parties = page_words(lexicon), document.parties
    between = fill(
        words["between"], supplier=parties["supplier"].name, customer=parties["customer"].name
    )
    reference = fill(words["reference"], id=document.id)
    blocks: list[Block] = [
        Heading(1, ours(words["title"])),
        Lines(((Span(between, "user"),), ours(reference))),
    ]
    binding = lexicon.enums["languages"].show(document.language)
    if document.language != lexicon.lang:
        told = fill(words["translation_text"], language=binding)
        blocks.append(Aside(words["translation"], (ours(told),), "mark"))
    if document.frozen is None and any(each.holidays for each in document.calendars.values()):
        blocks.append(Aside(words["draft"], (ours(words["draft_text"]),), "mark"))
    return blocks


def _clauses(document: Document, lexicon: Lexicon) -> list[Block]:
    titles, numbers = clause_titles(document, lexicon.lang), clause_numbers(document)
    names = texts_of(lexicon.lang, "words")["chapters"]
    assert isinstance(names, dict)
    blocks: list[Block] = []
    for place, (chapter, clauses) in enumerate(chapters(document), 1):
        blocks.append(Heading(2, ours(names[chapter]), str(place), f"chapter-{place}"))
        for numbered in clauses:
            clause = document.clause(numbered.id)
            title = (Span(titles[clause.id], "user" if clause.title else "ours"),)
            blocks.append(Heading(3, title, numbers[clause.id], clause.id))
            blocks += blocks_of(clause, lexicon)
            blocks += note_of(clause, lexicon)
    return blocks
