"""A draft's text, opened: what can be read of it, all that is wrong with it, and each clause as
people read it. A text is read once in a process: reading is what costs.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from afspraak.language.check import check, faults_in
from afspraak.language.document import Clause, Document
from afspraak.language.draft import Draft, read_draft
from afspraak.language.faults import Fault, in_order
from afspraak.language.nodes import Items, Node, Plain, Scalar, child, plain
from afspraak.language.nodes import Mapping as Entries
from afspraak.language.reader import read
from afspraak.language.schema_base import ClauseBase
from afspraak.language.text.clauses import blocks_of, note_of
from afspraak.language.text.html import body_of
from afspraak.language.text.lexicon import Lexicon, clause_titles, lexicon_of
from afspraak.language.text.numbers import chapters, clause_numbers
from afspraak.language.text.tree import Page
from afspraak.language.text.words import Lang, texts_of

NAME: Final = "contract"
_NAMES_CLAUSES: Final = ("of", "when_missed", "after", "steps", "deliveries", "by_clause", "open")
"""The keys under which a clause names others."""


@dataclass(frozen=True, slots=True)
class ClauseShown:
    """A clause in the order of the text. `markup` is empty for one that cannot be read yet: its
    `source` stands in its place.
    """

    id: str
    type: str
    place: int
    number: str
    title: str
    chapter: str
    markup: str
    source: str
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """A text as it was opened. `draft` is None for what is no document at all; `document` is there
    when nothing is wrong with it.
    """

    data: bytes
    root: Node | None
    draft: Draft | None
    document: Document | None
    faults: tuple[Fault, ...]

    @property
    def is_sound(self) -> bool:
        """Whether it could be signed."""
        return self.document is not None

    @property
    def readable(self) -> Document | None:
        """What can be shown: the clauses that name no clause that is missing."""
        if self.document is not None or self.draft is None:
            return self.document
        return sayable(self.draft.document)

    def nodes(self) -> tuple[Node, ...]:
        """The clauses as they stand in the file, right or wrong."""
        clauses = None if self.root is None else child(self.root, "clauses")
        return clauses.items if isinstance(clauses, Items) else ()

    def place_of(self, clause: str) -> int | None:
        """Where in the file's list a clause stands."""
        return next((n for n, node in enumerate(self.nodes()) if id_of(node) == clause), None)

    def values_of(self, clause: str) -> dict[str, Plain] | None:
        """What stands in a clause, as bare text."""
        place = self.place_of(clause)
        found = None if place is None else plain(self.nodes()[place])
        return found if isinstance(found, dict) else None

    def source_of(self, place: int) -> str:
        """A clause as it is written, its further lines moved left as far as its first."""
        node, text = self.nodes()[place], self.data.decode("utf-8")
        indent = node.start - (text.rfind("\n", 0, node.start) + 1)
        lines = text[node.start : node.end].rstrip().split("\n")
        return "\n".join([lines[0], *(_outdented(line, indent) for line in lines[1:])]) + "\n"

    def faults_of(self, clause: str) -> tuple[Fault, ...]:
        """What is wrong in one clause."""
        return tuple(each for each in self.faults if each.clause == clause and not each.note)


def _outdented(line: str, indent: int) -> str:
    return line[indent:] if not line[:indent].strip() else line


@lru_cache(maxsize=256)
def opened(data: bytes) -> Opened:
    """The text with all that can be said of it."""
    root, faults = read(data, NAME)
    if not isinstance(root, Entries):
        return Opened(data, None, None, None, tuple(check(data, NAME)[1]))
    draft, found = read_draft(root, NAME)
    faults += [*found, *(faults_in(draft) if draft is not None else ())]
    is_sound = draft is not None and all(each.note for each in faults)
    document = draft.document if draft is not None and is_sound else None
    return Opened(data, root, draft, document, tuple(in_order(faults)))


def with_clause(there: Opened, place: int | None, clause: Clause) -> tuple[Document, list[Fault]]:
    """The document with this clause at a place of the file (None: at the end), and what is then
    wrong between its parts: nothing is read anew.
    """
    assert there.draft is not None
    draft = there.draft
    filed = draft.places.get("clauses", ())
    clauses = list(draft.document.clauses)
    if place is not None and place in filed:
        at = filed.index(place)
        clauses[at] = clause
    else:
        at = sum(each < place for each in filed) if place is not None else len(clauses)
        clauses.insert(at, clause)
        known = len(there.nodes()) if place is None else place
        filed = (*filed[:at], known, *filed[at:])
    document = draft.document.model_copy(update={"clauses": tuple(clauses)})
    places = {**draft.places, "clauses": filed}
    return document, faults_in(replace(draft, document=document, places=places))


def id_of(node: Node) -> str:
    """The id of a clause as it stands in the file; empty where it has none."""
    found = child(node, "id")
    return found.text if isinstance(found, Scalar) else ""


def type_of(node: Node) -> str:
    """The same for its type."""
    found = child(node, "type")
    return found.text if isinstance(found, Scalar) else ""


def sayable(document: Document) -> Document:
    """Without the clauses that name one that is not there: no sentence could be made of them."""
    kept, wanted = document, -1
    while wanted != len(kept.clauses):
        wanted = len(kept.clauses)
        known = {each.id for each in kept.clauses}
        ours = tuple(each for each in kept.clauses if set(named_by(each)) <= known)
        kept = kept.model_copy(update={"clauses": ours})
    return kept


def named_by(clause: ClauseBase) -> Iterator[str]:
    """The ids of the clauses that a clause names."""
    parts = [clause, *getattr(clause, "targets", ()), *getattr(clause, "instalments", ())]
    for part in parts:
        for key in (*_NAMES_CLAUSES, "delivery"):
            value = getattr(part, key, None)
            if isinstance(value, str):
                yield value
            elif isinstance(value, tuple):
                yield from (each for each in value if isinstance(each, str))


def markup_of(clause: Clause, lexicon: Lexicon) -> str:
    """A clause's sentences and tables as markup; every span is escaped where it is written."""
    blocks = (*blocks_of(clause, lexicon), *note_of(clause, lexicon))
    return body_of(Page(lexicon.lang, "", "", blocks), {})


@lru_cache(maxsize=64)
def shown_clauses(data: bytes, lang: Lang) -> tuple[ClauseShown, ...]:
    """Every clause of a text, in the order in which it is read and signed; what cannot be read yet
    comes last, as it is written.
    """
    there = opened(data)
    document = there.readable
    found = [] if document is None else list(_readable(there, document, lang))
    known = {each.id for each in found}
    for place, node in enumerate(there.nodes()):
        if id_of(node) not in known:
            found.append(_unread(there, place))
    return tuple(found)


def _readable(there: Opened, document: Document, lang: Lang) -> Iterator[ClauseShown]:
    lexicon = lexicon_of(document, lang)
    titles, numbers = clause_titles(document, lang), clause_numbers(document)
    names = texts_of(lang, "words")["chapters"]
    assert isinstance(names, Mapping)
    places = {id_of(node): place for place, node in enumerate(there.nodes())}
    for chapter, clauses in chapters(document):
        for numbered in clauses:
            clause = document.clause(numbered.id)
            yield ClauseShown(
                clause.id,
                clause.type,
                places[clause.id],
                numbers[clause.id],
                titles[clause.id],
                str(names[chapter]),
                markup_of(clause, lexicon),
                "",
                there.faults_of(clause.id),
            )


def _unread(there: Opened, place: int) -> ClauseShown:
    node = there.nodes()[place]
    name = id_of(node)
    return ClauseShown(
        name, type_of(node), place, "", name, "", "", there.source_of(place), there.faults_of(name)
    )
