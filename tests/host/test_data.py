"""The data folder is for its owner alone; a secret is made once, whoever asks at the same time."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from afspraak.host.data import PARTS, data_folder, key_file, made, secret
from afspraak.host.faults import HostFault

ASK = """
import sys
from pathlib import Path
from afspraak.host.data import made, secret
sys.stdin.read()
print(secret("race", data=made(Path(sys.argv[1]))).hex())
"""


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_folder_is_named_by_its_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AFSPRAAK_DATA", str(tmp_path / "a" / "b"))
    assert data_folder() == tmp_path / "a" / "b"
    assert [mode(data_folder() / part) for part in ("", *PARTS)] == [0o700] * (len(PARTS) + 1)


def test_without_a_setting_it_lies_in_the_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AFSPRAAK_DATA", raising=False)
    monkeypatch.setattr("afspraak.host.data.PROJECT", tmp_path)
    (tmp_path / "x.py").touch()
    assert data_folder() == tmp_path / ".afspraak"


def test_installed_as_a_package_it_lies_where_one_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AFSPRAAK_DATA", raising=False)
    monkeypatch.setattr("afspraak.host.data.PROJECT", tmp_path / "site-packages")
    monkeypatch.chdir(tmp_path)
    assert data_folder() == tmp_path / ".afspraak"


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(HostFault, match="cannot be made"):
        made(tmp_path / "file" / "data")


def test_a_secret_stays_and_is_for_its_owner_alone(tmp_path: Path) -> None:
    data = made(tmp_path)
    first = secret("one", 48, data=data)
    assert len(first) == 48
    assert secret("one", 48, data=data) == first
    assert secret("two", 48, data=data) != first
    assert mode(key_file("one", data=data)) == 0o600
    assert sorted(path.name for path in (data / "keys").iterdir()) == ["one", "two"]


def test_a_secret_of_another_length_is_never_replaced(tmp_path: Path) -> None:
    data = made(tmp_path)
    key_file("one", data=data).write_bytes(b"short")
    with pytest.raises(HostFault, match="5 bytes instead of 32"):
        secret("one", data=data)
    assert key_file("one", data=data).read_bytes() == b"short"


def test_all_who_ask_at_once_get_the_same(tmp_path: Path) -> None:
    asking = [
        subprocess.Popen(
            [sys.executable, "-c", ASK, str(tmp_path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        for _ in range(4)
    ]
    for each in asking:
        assert each.stdin
        each.stdin.close()  # now
    answers = set()
    for each in asking:
        assert each.stdout
        answers.add(each.stdout.read())
        each.stdout.close()
        assert each.wait() == 0
    assert answers == {secret("race", data=tmp_path).hex().encode() + b"\n"}
