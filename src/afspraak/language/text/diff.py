"""What changed between two versions, in words: clause by clause, and for whom it is better where
that can be said.
"""

from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any, cast

from pydantic import BaseModel

from afspraak.language.document import Clause, Document
from afspraak.language.schema_base import Text
from afspraak.language.schema_frame import Party, ServiceCalendar
from afspraak.language.text.changes import Change, Pair, Version, changes_of, row_changes, row_text
from afspraak.language.text.clauses import blocks_of, note_of
from afspraak.language.text.frame import page_words
from afspraak.language.text.lexicon import clause_titles, lexicon_of
from afspraak.language.text.markdown import markdown
from afspraak.language.text.numbers import clause_numbers
from afspraak.language.text.times import show_date
from afspraak.language.text.tree import Block, Heading, Items, Line, Lines, Page, Span, ours
from afspraak.language.text.words import Lang, fill, texts_of


def diff_text(old: Document, new: Document, lang: Lang) -> str:
    """What changed from the old document to the new one, as Markdown in a language. Both are
    checked documents.
    """
    return markdown(diff_page(old, new, lang))


def diff_page(old: Document, new: Document, lang: Lang) -> Page:
    """The same as blocks, for a page that has a frame of its own."""
    before = Version(old, lexicon_of(old, lang))
    after = Version(new, lexicon_of(new, lang))
    words = _words(lang)
    blocks: list[Block] = [
        Heading(1, ours(words["title"])),
        Lines((ours(_versions(old, new, words)),)),
    ]
    found = [*_frame(before, after), *_clauses(before, after)]
    if not found:
        same = "same" if old == new else "unseen"
        found = [Lines((ours(words[same]),))]
        found += [Items(tuple(map(ours, _paths(old, new))))] if same == "unseen" else []
    return Page(lang, words["title"], _versions(old, new, words), (*blocks, *found))


def _words(lang: Lang) -> Mapping[str, str]:
    return cast("Mapping[str, str]", texts_of(lang, "changes"))


def _versions(old: Document, new: Document, words: Mapping[str, str]) -> str:
    names = [f"{each.id} ({each.version.number if each.version else 1})" for each in (old, new)]
    return fill(words["versions"], old=names[0], new=names[1])


# The clauses -----------------------------------------------------------------------------------


def _clauses(before: Version, after: Version) -> Iterator[Block]:
    old = {clause.id: clause for clause in before.document.clauses}
    new = {clause.id: clause for clause in after.document.clauses}
    kept = [key for key in new if key in old and old[key].type == new[key].type]
    words = _words(after.lexicon.lang)
    for key in kept:
        lines = [
            *_named(old[key], new[key], before, after),
            *map(_line(words), _changes(old[key], new[key], before, after)),
        ]
        if lines:
            yield from (Heading(2, *_heading(new[key], after, before)), Items(tuple(lines)))
    yield from _whole(words["added"], [new[key] for key in new if key not in kept], after)
    yield from _whole(words["removed"], [old[key] for key in old if key not in kept], before)
    yield from _moved(kept, [key for key in old if key in kept], before, after)


def _changes(old: Clause, new: Clause, before: Version, after: Version) -> Iterator[Change]:
    return changes_of(Pair(old, new, before, after))


def _heading(clause: Clause, here: Version, there: Version) -> tuple[Line, str]:
    """The title, with the number that it had; its number."""
    number = clause_numbers(here.document)[clause.id]
    was = clause_numbers(there.document)[clause.id]
    title = clause_titles(here.document, here.lexicon.lang)[clause.id]
    told = fill(_words(here.lexicon.lang)["was_number"], number=was) if was != number else ""
    return (Span(title, "user"), Span(told)), number


def _named(old: Clause, new: Clause, before: Version, after: Version) -> Iterator[Line]:
    """Changes of a title, of the place on page one, of the note."""
    words = _words(after.lexicon.lang)
    titles = [clause_titles(each.document, each.lexicon.lang) for each in (before, after)]
    if titles[0][old.id] != titles[1][new.id]:
        yield ours(fill(words["renamed"], old=titles[0][old.id], new=titles[1][new.id]))
    if old.key != new.key:
        yield ours(words["key" if new.key else "no_key"])
    if old.note != new.note:
        absent = page_words(after.lexicon)["absent"]
        yield ours(fill(words["note"], old=old.note or absent, new=new.note or absent))


def _line(words: Mapping[str, str]) -> Any:
    def line(change: Change) -> Line:
        about = fill(words["about"], about=change.about) if change.about else ""
        if not change.old or not change.new:
            told = fill(words["gone" if change.old else "come"], old=change.old, new=change.new)
            return ours(about + told)
        told = fill(
            words["from_to" if change.is_cell else "was_is"], old=change.old, new=change.new
        )
        return ours(f"{about}{told} {words[change.verdict]}")

    return line


def _whole(title: str, clauses: Sequence[Clause], version: Version) -> Iterator[Block]:
    """Clauses that are only in one of the two, with their whole text."""
    if not clauses:
        return
    yield Heading(2, ours(title))
    titles = clause_titles(version.document, version.lexicon.lang)
    for clause in clauses:
        number = clause_numbers(version.document)[clause.id]
        yield Heading(3, (Span(titles[clause.id], "user"),), number)
        yield from blocks_of(clause, version.lexicon)
        yield from note_of(clause, version.lexicon)


def _moved(
    new: Sequence[str], old: Sequence[str], before: Version, after: Version
) -> Iterator[Block]:
    """Clauses that stand in another order than before; the fewest that explain it."""
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    still = {
        key
        for block in matcher.get_matching_blocks()
        for key in new[block.b : block.b + block.size]
    }
    words, titles = _words(after.lexicon.lang), clause_titles(after.document, after.lexicon.lang)
    was, numbers = clause_numbers(before.document), clause_numbers(after.document)
    lines = [
        ours(fill(words["moved_line"], title=titles[key], old=was[key], new=numbers[key]))
        for key in new
        if key not in still
    ]
    if lines:
        yield Heading(2, ours(words["moved"]))
        yield Items(tuple(lines))


# The frame -------------------------------------------------------------------------------------


def _frame(before: Version, after: Version) -> Iterator[Block]:
    for title, changes in _frame_parts(before, after):
        yield from _section(title, changes, after)


def frame_changes(before: Version, after: Version) -> Iterator[tuple[str, Change]]:
    """What changed outside the clauses: the part's title, and the change."""
    for title, changes in _frame_parts(before, after):
        yield from ((title, each) for each in changes)


def _frame_parts(before: Version, after: Version) -> Iterator[tuple[str, list[Change]]]:
    old, new, names = before.document, after.document, page_words(after.lexicon)
    yield names["parties"], _keyed("parties", before, after)
    yield names["term"], _parts(old.term, new.term, before, after)
    general = _parts(old, new, before, after)
    for name in ("jurisdiction", "version", "frozen"):
        general += _parts(getattr(old, name), getattr(new, name), before, after)
    yield names["general"], general
    yield names["services"], _keyed("services", before, after)
    yield names["priority_from"], list(_priorities(before, after))
    yield names["calendars"], _keyed("calendars", before, after)


def _section(title: str, changes: Sequence[Change], version: Version) -> Iterator[Block]:
    if changes:
        yield Heading(2, ours(title))
        yield Items(tuple(map(_line(_words(version.lexicon.lang)), changes)))


def _parts(
    old: BaseModel | None, new: BaseModel | None, before: Version, after: Version
) -> list[Change]:
    """Changes of a part that either version may lack."""
    if old is not None and new is not None:
        return list(changes_of(Pair(old, new, before, after)))
    found = []
    for part, version in ((old, before), (new, after)):
        for block in blocks_of(part, version.lexicon) if part is not None else ():
            assert isinstance(block, Lines)
            texts = ["".join(span.text for span in line) for line in block.lines]
            found += [Change(text, "") if part is old else Change("", text) for text in texts]
    return found


def _keyed(name: str, before: Version, after: Version) -> list[Change]:
    """Parties, services or calendars: by key, what changed of each, and which came or went."""
    old: Mapping[str, Any] = getattr(before.document, name)
    new: Mapping[str, Any] = getattr(after.document, name)
    changes: list[Change] = []
    for key in dict.fromkeys((*old, *new)):
        if key in old and key in new:
            changes += _kept(key, name, Pair(old[key], new[key], before, after))
        elif key in old:
            changes.append(Change(_told(old[key], key, name, before), ""))
        else:
            changes.append(Change("", _told(new[key], key, name, after)))
    return changes


def _kept(key: str, name: str, pair: Pair) -> Iterator[Change]:
    label = _label(key, name, pair.after)
    if label != (was := _label(key, name, pair.before)):
        yield Change(was, label)
    if name != "calendars":
        yield from row_changes(pair, label)
        yield from _signers(pair) if name == "parties" else ()
        return
    for change in changes_of(pair):
        yield Change(change.old, change.new, label, change.verdict, change.is_cell)
    assert isinstance(pair.old, ServiceCalendar)
    assert isinstance(pair.new, ServiceCalendar)
    before, after = pair.old.holiday_dates or {}, pair.new.holiday_dates or {}
    for on in sorted(set(before) ^ set(after)):
        told = f"{show_date(on, pair.after.lexicon.values)} ({before.get(on) or after.get(on)})"
        yield Change(told, "", label) if on in before else Change("", told, label)


def _signers(pair: Pair) -> Iterator[Change]:
    assert isinstance(pair.old, Party)
    assert isinstance(pair.new, Party)
    old = [row_text(each, pair.before.lexicon) for each in pair.old.signers]
    new = [row_text(each, pair.after.lexicon) for each in pair.new.signers]
    yield from (Change(text, "") for text in old if text not in new)
    yield from (Change("", text) for text in new if text not in old)


def _label(key: str, name: str, version: Version) -> str:
    held: Any = getattr(version.lexicon, name)
    return cast("str", held.show(key))


def _told(part: BaseModel, key: str, name: str, version: Version) -> str:
    if name == "calendars":
        lines = (
            line
            for block in blocks_of(part, version.lexicon)
            if isinstance(block, Lines)
            for line in block.lines
        )
        return " ".join(["".join(span.text for span in line) for line in lines])
    return f"{_label(key, name, version)}: {row_text(part, version.lexicon)}"


def _priorities(before: Version, after: Version) -> Iterator[Change]:
    old, new = before.document.priority_from, after.document.priority_from
    for row in old:
        if row not in new:
            yield Change(row_text(row, before.lexicon), "")
    for row in new:
        if row not in old:
            yield Change("", row_text(row, after.lexicon))


# What no sentence says -------------------------------------------------------------------------


def _paths(old: object, new: object, path: str = "") -> list[str]:
    """The places at which two documents differ, for what this language's text does not show."""
    if isinstance(old, Text) or type(old) is not type(new):
        return [path] if old != new else []
    if isinstance(old, BaseModel):
        pairs = [(name, getattr(old, name), getattr(new, name)) for name in type(old).model_fields]
    elif isinstance(old, dict) and isinstance(new, dict):
        pairs = [(str(key), old.get(key), new.get(key)) for key in dict.fromkeys((*old, *new))]
    elif isinstance(old, tuple) and isinstance(new, tuple) and len(old) == len(new):
        pairs = [(str(place), *both) for place, both in enumerate(zip(old, new, strict=True))]
    else:
        return [path] if old != new else []
    found: list[str] = []
    for name, one, two in pairs:
        found += _paths(one, two, f"{path}.{name}" if path else name)
    return found
