"""A backup holds what is committed, says so to the last byte, and becomes an installation again."""

import io
import json
import tarfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import psycopg
import pytest

from afspraak.host import archive
from afspraak.host import restore as room
from afspraak.host.archive import MANIFEST, unpack, verify
from afspraak.host.backup import back_up
from afspraak.host.data import SIGNED_LIST, key_file, secret
from afspraak.host.database import Address, connected, embedded, exists
from afspraak.host.faults import HostFault
from afspraak.host.restore import finish, restore

AT = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)
WORDS = ("één", "twee \x01", "a'b\"c\\", "x" * 3000)
FILE = "ab/cdef0123"


@pytest.fixture
def filled(owner: Address, data: Path) -> Iterator[Address]:
    """An installation with rows, a policy, rights, a file and keys."""
    empty(owner, data)
    with connected(owner) as connection:
        connection.execute("CREATE TABLE said (number int PRIMARY KEY, word text)")
        connection.execute("ALTER TABLE said ENABLE ROW LEVEL SECURITY")
        connection.execute("ALTER TABLE said FORCE ROW LEVEL SECURITY")
        connection.execute("CREATE POLICY even ON said TO afspraak_app USING (number % 2 = 0)")
        connection.execute("GRANT SELECT ON said TO afspraak_app")
        for number, word in enumerate(WORDS):
            connection.execute("INSERT INTO said VALUES (%s, %s)", [number, word])
    (data / "files" / FILE).parent.mkdir(mode=0o700)
    (data / "files" / FILE).write_bytes(b"attachment")
    secret("sealing", data=data)
    key_file(SIGNED_LIST, data=data).write_text("one\n")
    yield owner
    empty(owner, data)


def empty(owner: Address, data: Path) -> None:
    with connected(owner) as connection:
        connection.execute("DROP TABLE IF EXISTS said, later")
    for path in (data / "files").rglob("*.*"), (data / "backups").iterdir():
        for file in path:
            file.unlink()
    for part in ("files", "keys"):
        for file in [path for path in (data / part).rglob("*") if path.is_file()]:
            if not file.name.startswith("database-"):
                file.unlink()
    for folder in (data / "files").iterdir():
        folder.rmdir()


@pytest.fixture
def backup(filled: Address, data: Path) -> Path:
    return back_up(filled, data, out=None, at=AT)


def rows(where: Address) -> list[tuple[int, str]]:
    with connected(where) as connection:
        return connection.execute("SELECT number, word FROM said ORDER BY number").fetchall()


def test_it_holds_what_must_not_be_lost_and_no_more(
    backup: Path, filled: Address, data: Path
) -> None:
    assert backup == data / "backups" / "afspraak-20260301T123000Z.tar"
    assert backup.stat().st_mode & 0o777 == 0o600
    manifest = verify(backup)
    assert [member.name for member in manifest.members] == [
        "database.dump",
        f"files/{FILE}",
        "keys/sealing",
    ]
    assert manifest.made_at == "2026-03-01T12:30:00+00:00"
    assert [path.name for path in (data / "backups").iterdir()] == [backup.name]


def test_nothing_is_written_over(backup: Path, filled: Address, data: Path) -> None:
    with pytest.raises(HostFault, match="such a file already"):
        back_up(filled, data, out=backup, at=AT)
    with pytest.raises(HostFault, match="no such folder"):
        back_up(filled, data, out=data / "nowhere" / "b.tar", at=AT)


def test_restored_it_is_the_same_with_its_rights(backup: Path, filled: Address, data: Path) -> None:
    with connected(filled) as connection:
        connection.execute("DELETE FROM said WHERE number > 0")
        connection.execute("CREATE TABLE later (number int)")
    sealing = key_file("sealing", data=data).read_bytes()
    key_file("sealing", data=data).write_bytes(b"another")
    key_file(SIGNED_LIST, data=data).write_text("one\ntwo\n")
    (data / "files" / "later").write_bytes(b"x")
    restore(backup, filled, data, replace=True)
    assert rows(filled) == list(enumerate(WORDS))
    assert rows(embedded(data, "app")) == [(0, WORDS[0]), (2, WORDS[2])]
    assert (data / "files" / FILE).read_bytes() == b"attachment"
    assert not (data / "files" / "later").exists()
    assert (data / "files").stat().st_mode & 0o777 == 0o700
    assert key_file("sealing", data=data).read_bytes() == sealing
    assert key_file(SIGNED_LIST, data=data).read_text() == "one\ntwo\n"  # what was signed stays so
    assert not (data / "restoring").exists()
    with connected(filled) as connection:
        names = connection.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE 'afspraak%'"
        ).fetchall()
        assert connection.execute("SELECT to_regclass('later')").fetchone() == (None,)
    assert names == [("afspraak",)]


def test_a_full_installation_is_not_lost_unasked(backup: Path, filled: Address, data: Path) -> None:
    with pytest.raises(HostFault, match=r"not empty \(1 tables\).*--replace"):
        restore(backup, filled, data, replace=False)
    with connected(filled) as connection:
        connection.execute("DROP TABLE said")
    with pytest.raises(HostFault, match=r"not empty \(files\)"):
        restore(backup, filled, data, replace=False)


def test_an_empty_one_takes_it_unasked(backup: Path, filled: Address, data: Path) -> None:
    content = backup.read_bytes()
    empty(filled, data)
    backup.write_bytes(content)
    restore(backup, filled, data, replace=False)
    assert rows(filled) == list(enumerate(WORDS))


def test_nobody_at_work_loses_what_they_do(backup: Path, filled: Address, data: Path) -> None:
    with (
        psycopg.connect(filled.conninfo()),
        pytest.raises(HostFault, match="1 sessions use the database"),
    ):
        restore(backup, filled, data, replace=True)
    assert rows(filled) == list(enumerate(WORDS))


# Cut off ------------------------------------------------------------------------------------------


class Cut(BaseException):
    """Stands for a power cut: nothing of ours runs after it."""


def cut(*_: object, **__: object) -> None:
    raise Cut


@pytest.mark.parametrize(
    ("module", "name"),
    [(archive, "unpack"), (room, "prepare"), (room, "run"), (room, "_change_names")],
)
def test_cut_off_before_it_counts_nothing_has_changed(
    backup: Path,
    filled: Address,
    data: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    module: ModuleType,
    name: str,
) -> None:
    with connected(filled) as connection:
        connection.execute("UPDATE said SET word = 'new'")
    (data / "files" / FILE).write_bytes(b"new")
    with monkeypatch.context() as patch:
        patch.setattr(module, name, cut)
        patch.setattr(room, "finish", lambda *_: None)  # what would tidy up is cut off too
        with pytest.raises(Cut):
            restore(backup, filled, data, replace=True)
    finish(filled, data)
    assert rows(filled) == [(number, "new") for number in range(len(WORDS))]
    assert (data / "files" / FILE).read_bytes() == b"new"
    assert not (data / "restoring").exists()
    assert not exists(embedded(data, "owner", name="afspraak_restoring"))


@pytest.mark.parametrize("where", [None, "_move_in", "_drop"])
def test_cut_off_after_it_counts_the_rest_is_done(
    backup: Path,
    filled: Address,
    data: Path,
    monkeypatch: pytest.MonkeyPatch,
    where: str | None,
) -> None:
    with connected(filled) as connection:
        connection.execute("UPDATE said SET word = 'new'")
    (data / "files" / FILE).write_bytes(b"new")
    with monkeypatch.context() as patch:
        patch.setattr(room, "finish", lambda *_: None)
        restore(backup, filled, data, replace=True)  # cut off right after it counted
    if where:
        with monkeypatch.context() as patch:
            patch.setattr(room, where, cut)
            with pytest.raises(Cut):
                finish(filled, data)
    finish(filled, data)
    finish(filled, data)
    assert rows(filled) == list(enumerate(WORDS))
    assert (data / "files" / FILE).read_bytes() == b"attachment"
    assert not exists(embedded(data, "owner", name="afspraak_replaced"))


def test_a_restore_that_fails_tidies_up(
    backup: Path, filled: Address, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise HostFault("pg_restore", "failed", "mend it")

    monkeypatch.setattr(room, "run", refuse)
    with pytest.raises(HostFault, match="pg_restore"):
        restore(backup, filled, data, replace=True)
    assert not (data / "restoring").exists()
    assert rows(filled) == list(enumerate(WORDS))


# Tampered with ------------------------------------------------------------------------------------

Change = Callable[[list[tuple[str, bytes]]], list[tuple[str, bytes]]]


def written_anew(path: Path, change: Change) -> None:
    """The same backup with other members."""
    with tarfile.open(path) as tar:
        members = [(each.name, tar.extractfile(each).read()) for each in tar]  # type: ignore[union-attr]
    with tarfile.open(path, "w") as tar:
        for name, content in change(members):
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))


def said(content: bytes, **words: object) -> bytes:
    return json.dumps(json.loads(content) | words).encode()


CHANGES: dict[str, tuple[Change, str]] = {
    "another byte": (lambda all_: [*all_[:-1], (all_[-1][0], b"y" * 32)], "is not what"),
    "one byte more": (lambda all_: [*all_[:-1], (all_[-1][0], all_[-1][1] + b"y")], "is not what"),
    "one less": (lambda all_: all_[:-1], "is missing"),
    "one more": (lambda all_: [*all_, ("files/more", b"")], "is not what"),
    "one twice": (lambda all_: [*all_, all_[-1]], "is not what"),
    "no manifest": (lambda all_: all_[1:], "which no backup does"),
    "nothing": (lambda _: [], "is empty"),
    "out of the folder": (lambda all_: [*all_, ("files/../../x", b"")], "which no backup does"),
    "absolute": (lambda all_: [*all_, ("/etc/x", b"")], "which no backup does"),
    "hidden": (lambda all_: [*all_, ("keys/.x", b"")], "which no backup does"),
    "another format": (
        lambda all_: [(MANIFEST, said(all_[0][1], format=2)), *all_[1:]],
        "format 2, and this program knows 1",
    ),
    "no json": (lambda all_: [(MANIFEST, b"{"), *all_[1:]], "cannot be read"),
    "a list": (lambda all_: [(MANIFEST, b"[]"), *all_[1:]], "cannot be read"),
    "other words": (
        lambda all_: [(MANIFEST, said(all_[0][1], more=1)), *all_[1:]],
        "cannot be read",
    ),
    "no dump": (
        lambda all_: [(MANIFEST, said(all_[0][1], members=[])), *all_[1:]],
        r"no database\.dump",
    ),
}


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """A backup without a database in it, for what needs none."""
    sources = {"database.dump": b"dump", "files/ab/c": b"x" * 700, "keys/one": b"k" * 32}
    for name, content in sources.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    manifest = archive.Manifest(
        format=1,
        made_at=AT.isoformat(),
        afspraak="0.0.1",
        server=18,
        members=tuple(archive.describe(name, tmp_path / name) for name in sources),
    )
    archive.write(tmp_path / "b.tar", manifest, [tmp_path / name for name in sources])
    return tmp_path / "b.tar"


@pytest.mark.parametrize("name", list(CHANGES))
def test_a_changed_backup_is_refused(example: Path, name: str) -> None:
    change, fact = CHANGES[name]
    written_anew(example, lambda same: same)
    verify(example)
    written_anew(example, change)
    with pytest.raises(HostFault, match=fact):
        verify(example)


def test_whatever_byte_is_changed_nothing_else_comes_out(example: Path, tmp_path: Path) -> None:
    """A change in a tar's padding or dates alters nothing that is read; every other is refused."""
    whole = example.read_bytes()
    verify(example)
    refused = 0
    for place in range(0, len(whole), 61):
        changed = bytearray(whole)
        changed[place] ^= 0x41
        example.write_bytes(changed)
        out = tmp_path / "out"
        try:
            unpack(example, out)
        except HostFault:
            refused += 1
        else:
            assert (out / "keys" / "one").read_bytes() == b"k" * 32
            assert (out / "files" / "ab" / "c").read_bytes() == b"x" * 700
    assert refused > 20


@pytest.mark.parametrize("part", [0, 100, 512, 1500, 3000])
def test_a_cut_backup_is_refused(example: Path, part: int) -> None:
    example.write_bytes(example.read_bytes()[:part])
    with pytest.raises(HostFault):
        verify(example)


def test_links_are_no_members(example: Path) -> None:
    with tarfile.open(example, "a") as tar:
        link = tarfile.TarInfo("files/link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
    with pytest.raises(HostFault, match="which no backup does"):
        verify(example)


def test_a_damaged_backup_touches_nothing(backup: Path, filled: Address, data: Path) -> None:
    written_anew(backup, CHANGES["another byte"][0])
    with pytest.raises(HostFault, match="is not what the manifest says"):
        restore(backup, filled, data, replace=True)
    assert rows(filled) == list(enumerate(WORDS))


@pytest.mark.parametrize(
    ("words", "fact"),
    [({"afspraak": "99.0"}, r"Afspraak 99\.0, newer"), ({"server": 99}, "PostgreSQL 99, newer")],
)
def test_what_a_newer_one_made_is_refused(
    backup: Path, filled: Address, data: Path, words: dict[str, object], fact: str
) -> None:
    written_anew(backup, lambda all_: [(MANIFEST, said(all_[0][1], **words)), *all_[1:]])
    with pytest.raises(HostFault, match=fact):
        restore(backup, filled, data, replace=True)
