#!/usr/bin/env python3
"""Afspraak's own commands. Needs Python 3.11 or newer and nothing else.

python3 x.py demo [--once] [--log FILE]     set up everything, load a year, serve it
python3 x.py test [--long] [PYTEST ARGS]    set up for tests, then check and test everything
python3 x.py check                          lint, format, types and import contracts only
python3 x.py setup [run|test|bench]         only set up; then use .venv/bin/afspraak
python3 x.py docs                           make the documentation as a site, in site/
python3 x.py pictures                       make the pictures in docs/pictures/ anew
python3 x.py lock [--upgrade]               make the files in locks/ anew from pyproject.toml
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036  (said to those who have an older one)
    sys.exit(
        f"Afspraak needs Python 3.11 or newer; this is Python {sys.version.split()[0]} "
        f"({sys.executable}).\nStart it with a newer one, for example: python3.12 x.py demo"
    )

import ast
import contextlib
import hashlib
import importlib.util
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BOOT = ROOT / ".boot"
STAMP = VENV / "afspraak-setup"
LOCKS = ROOT / "locks"
BIN = "Scripts" if os.name == "nt" else "bin"
EXE = ".exe" if os.name == "nt" else ""

# Each level holds the one before it, so an environment made for tests also serves the demo.
LEVELS = {
    "run": ["--group", "build"],
    "test": ["--group", "dev", "--extra", "dask"],
    "bench": ["--group", "bench", "--extra", "dask"],
}
IMAP_SERVERS = ("dovecot", "/usr/sbin/dovecot", "/usr/local/sbin/dovecot")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")

# pip's word -> uv's environment variable; uv does not read pip's configuration.
UV_WORD = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "trusted-host": "UV_INSECURE_HOST",
    "cert": "SSL_CERT_FILE",
    "proxy": "ALL_PROXY",
    "timeout": "UV_HTTP_TIMEOUT",
}
COMMA = {"find-links"}  # uv parts these by commas, the other lists by spaces
WHOLE = {"cert", "index-url", "proxy", "timeout", "trusted-host"}  # all but the partial indexes


class SetupError(Exception):
    """Something outside the project stands in the way; the message says what to do about it."""


# ---------------------------------------------------------------- what is already there


def stamp(level: str, root: Path = ROOT) -> str:
    """Name the state that a finished set-up of `level` leaves: place, Python, lock and project."""
    digest = hashlib.sha256()
    for part in (str(root), sys.version, level):
        digest.update(part.encode() + b"\0")
    for path in (root / "locks" / f"{level}.txt", root / "pyproject.toml"):
        digest.update(path.read_bytes() + b"\0")
    return f"{level} {digest.hexdigest()}"


def level_there() -> str | None:
    """The level that stands in .venv by its stamp, whether or not it is still fresh."""
    with contextlib.suppress(OSError, IndexError):
        level = STAMP.read_text(encoding="utf-8").split()[0]
        return level if level in LEVELS else None
    return None


def is_ready(level: str) -> bool:
    """Whether .venv was made to the end, for at least this level, from what lies here now."""
    there = level_there()
    if there is None or wider(there, level) != there or not tool("python").exists():
        return False
    return STAMP.read_text(encoding="utf-8") == stamp(there)


def wider(one: str, other: str) -> str:
    """Of two levels, the one that holds the other."""
    order = list(LEVELS)
    return max(one, other, key=order.index)


def tool(name: str, venv: Path = VENV) -> Path:
    """Where a virtual environment keeps the command `name`."""
    return venv / BIN / (name + EXE)


# ---------------------------------------------------------------- setting up


def set_up(level: str) -> None:
    """Bring .venv to `level`: nothing when it is there, the rest when it is half there."""
    if is_ready(level):
        return
    with alone():
        if is_ready(level):  # another set-up has just made it
            return
        wanted = wider(level, level_there() or level)
        started = time.perf_counter()
        say(f"setting up .venv ({wanted}); this needs a package index once")
        STAMP.unlink(missing_ok=True)
        install(wanted)
        STAMP.write_text(stamp(wanted), encoding="utf-8")
        say(f"set up in {time.perf_counter() - started:.0f} s")


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Hold the only right to change .venv; a second set-up waits here for the first."""
    BOOT.mkdir(exist_ok=True)
    with (BOOT / "lock").open("w") as file:
        if sys.platform != "win32":  # there, two set-ups at once are the user's to avoid
            import fcntl  # noqa: PLC0415  (POSIX only)

            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def install(level: str) -> None:
    """Install with uv; whatever goes wrong with it, install with venv and pip instead."""
    lock = LOCKS / f"{level}.txt"
    try:
        install_with_uv(find_uv(), lock)
    except (OSError, subprocess.CalledProcessError) as fault:
        say(f"uv did not do it ({fault}); trying venv and pip, which takes longer")
        try:
            install_with_pip(lock)
        except subprocess.CalledProcessError as again:
            raise SetupError(
                "pip could not install the locked packages; its own words are above. Is a package "
                "index reachable? A proxy or a mirror is set with `pip config set global.proxy ...`"
                " or `... global.index-url ...`. Then run the same command again."
            ) from again


def find_uv() -> Path:
    """Take uv from PATH, or else the locked one in a small environment of its own."""
    found = shutil.which("uv")
    if found:
        return Path(found)
    uv = tool("uv", BOOT / "venv")
    if answer(uv, "--version") is None:
        make_venv(BOOT / "venv")
        pip_install(BOOT / "venv", "--require-hashes", "-r", str(LOCKS / "boot.txt"))
    return uv


def install_with_uv(uv: Path, lock: Path) -> None:
    """Make .venv hold exactly what the lock names, and the project itself, editable."""
    settings = pip_settings()
    environ = uv_environment(settings, os.environ)
    if not is_same_python(VENV):
        shutil.rmtree(VENV, ignore_errors=True)
        run(uv, "venv", "--quiet", "--python", sys.executable, VENV, environ=environ)
    offline = ("--no-index",) if settings.get("no-index") in {"1", "true", "yes", "on"} else ()
    into = ("--quiet", "--python", tool("python"), *offline)
    run(uv, "pip", "sync", *into, "--require-hashes", lock, environ=environ)
    itself = ("--no-deps", "--no-build-isolation", "--editable", ROOT)
    run(uv, "pip", "install", *into, *itself, environ=environ)


def install_with_pip(lock: Path) -> None:
    """Do the same with what Python brings along, into a new .venv."""
    make_venv(VENV)
    pip_install(VENV, "--require-hashes", "-r", str(lock))
    pip_install(VENV, "--no-deps", "--no-build-isolation", "--editable", str(ROOT))


def make_venv(place: Path) -> None:
    """Make a new virtual environment with pip in it; say what is missing where that cannot be."""
    if importlib.util.find_spec("ensurepip") is None:
        package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
        raise SetupError(
            "this Python cannot make virtual environments (it has no ensurepip). "
            f"On Debian and Ubuntu:\n    sudo apt-get install -y {package}"
        )
    run(sys.executable, "-m", "venv", "--clear", place)


def pip_install(venv: Path, *args: str) -> None:
    """Install by the pip of a virtual environment, with pip's own configuration."""
    quiet = ("--quiet", "--disable-pip-version-check")
    run(tool("python", venv), "-m", "pip", "install", *quiet, *args)


def is_same_python(venv: Path) -> bool:
    """Whether a virtual environment runs, and on this very Python (it outlives its Python)."""
    return answer(tool("python", venv), "-c", "import sys; print(sys.version)") == sys.version


# ---------------------------------------------------------------- pip's settings, for uv


def pip_settings() -> dict[str, str]:
    """What pip is told about indexes and certificates on this machine; empty without a pip."""
    for python in (Path(sys.executable), tool("python", BOOT / "venv")):
        listing = answer(python, "-m", "pip", "config", "list")
        if listing is not None:
            return read_pip_settings(listing)
    return {}


def read_pip_settings(listing: str) -> dict[str, str]:
    """Read `pip config list`; the environment beats [install], which beats [global]."""
    rank = {"global": 0, "install": 1, ":env:": 2}
    found: dict[str, tuple[int, str]] = {}
    for line in listing.splitlines():
        name, _, quoted = line.partition("=")
        section, _, word = name.partition(".")
        if section in rank and rank[section] >= found.get(word, (0, ""))[0]:
            found[word] = (rank[section], str(ast.literal_eval(quoted)))
    return {word: value for word, (_, value) in found.items()}


def uv_environment(settings: Mapping[str, str], environ: Mapping[str, str]) -> dict[str, str]:
    """The environment for uv: pip's settings in uv's words; what is set for uv itself stays."""
    told = {
        UV_WORD[word]: ("," if word in COMMA else " ").join(value.split())
        for word, value in settings.items()
        if word in UV_WORD
    }
    # pip looks in all indexes alike; the hashes in the lock decide what is taken.
    ours = {"UV_SYSTEM_CERTS": "1", "UV_INDEX_STRATEGY": "unsafe-best-match"}
    return {**ours, **told, **environ}


# ---------------------------------------------------------------- the commands


def setup(args: Sequence[str]) -> int:
    """Only set up."""
    level = args[0] if args else "run"
    if level not in LEVELS or len(args) > 1:
        raise SetupError(f"setup takes one of: {', '.join(LEVELS)}")
    set_up(level)
    say(f"ready: {tool('afspraak').relative_to(ROOT)} --help")
    return 0


def demo(args: Sequence[str]) -> int:
    """Set up, then run the main job."""
    set_up("run")
    return hand_over(tool("afspraak"), "demo", *args)


CHECKS = (
    ("ruff check", "ruff", "check", "--output-format", "concise", "."),
    ("ruff format", "ruff", "format", "--check", "."),
    ("lint-imports", "lint-imports", "--no-logo"),
    ("mypy", "mypy"),  # the last: the one that takes long, and one core
)


def check(_args: Sequence[str]) -> int:
    """Run every check that needs no test run; all of them, so that one run shows all faults."""
    set_up("test")
    return tell_checks(begin_checks())


def begin_checks() -> list[tuple[str, subprocess.Popen[str]]]:
    """Every check, begun: none needs another."""
    say("begun: " + ", ".join(name for name, *_ in CHECKS))
    return [(name, begin(tool(program), *words)) for name, program, *words in CHECKS]


def tell_checks(begun: Sequence[tuple[str, subprocess.Popen[str]]]) -> int:
    """Say what each of them found, one after the other; 1 if any found anything."""
    faults = []
    for name, process in begun:
        said, _ = process.communicate()
        say(name)
        print(said.rstrip() or "nothing to tell", flush=True)
        if process.returncode:
            faults.append(name)
    if faults:
        say("not clean: " + ", ".join(faults))
    return 1 if faults else 0


def test(args: Sequence[str]) -> int:
    """Check and run the tests beside each other; with --long also those that take hours."""
    set_up("test")
    *quick, imports, slow = begin_checks()
    find_programs()  # while the checks run
    rest = [arg for arg in args if arg != "--long"]
    long = ["-m", "", "--hypothesis-profile=long"] if "--long" in args else []
    if long:
        os.environ["AFSPRAAK_EVERY_LOOK"] = "yes"  # tests/doors/web/eyes.py
    parallel = ["-n", "auto", "--dist", "loadgroup"]
    unclean = tell_checks(quick)  # told before the minutes of the tests, the others after them
    failed = call(tool("python"), "-m", "pytest", *parallel, *long, *rest, title="pytest")
    unclean = tell_checks([imports, slow]) or unclean
    say("all well" if not (unclean or failed) else "something is not well; see above")
    return unclean or failed


def find_programs() -> None:
    """Install what the tests run beside Python, from Debian, where that is possible."""
    wanted = []
    if not os.environ.get("AFSPRAAK_CHROMIUM") and not any(map(shutil.which, BROWSERS)):
        wanted.append("chromium")
    if not any(map(shutil.which, IMAP_SERVERS)):
        wanted.append("dovecot-imapd")
    if not shutil.which("pdfsig"):
        wanted.append("poppler-utils")
    if wanted:
        install_from_debian(wanted)


def install_from_debian(packages: Sequence[str]) -> None:
    """Install by apt as root; elsewhere say what is missing and what follows."""
    apt, names = shutil.which("apt-get"), " and ".join(packages)
    if sys.platform == "win32" or not apt or os.geteuid() != 0:
        say(f"not found: {names}; the tests that need them are skipped here and fail in CI")
        return
    say(f"installing {names} for the tests")
    # What is installed starts nothing: the tests start their own, on loopback.
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    subprocess.run([apt, "update", "-qq"], env=quiet, check=False)
    for package in packages:  # one that cannot be had must not keep the others away
        wanted = [apt, "install", "-y", "-qq", "--no-install-recommends", package]
        subprocess.run(wanted, env=quiet, stdout=subprocess.DEVNULL, check=False)


def docs(_args: Sequence[str]) -> int:
    """Make the site of the documentation, strictly: a link that leads nowhere is a fault."""
    set_up("test")
    os.environ["NO_MKDOCS_2_WARNING"] = "1"  # decision 17 knows what it says
    return call(tool("python"), "-m", "mkdocs", "build", "--strict", "--quiet", title="site/")


def pictures(args: Sequence[str]) -> int:
    """Make the documentation's pictures of the pages: the tests that walk there take them."""
    set_up("test")
    find_programs()
    words = ("-m", "pictures", "--pictures", "tests/doors/web/test_pictures.py", *args)
    return call(tool("python"), "-m", "pytest", *words, title="docs/pictures/")


def lock(args: Sequence[str]) -> int:
    """Make the locks anew: hashes for every platform and Python, and no index named in them."""
    uv = find_uv()
    base = ("pip", "compile", "--quiet", "--universal", "--python-version", "3.11")
    shape = ("--generate-hashes", "--no-emit-index-url", "--no-emit-find-links", "--no-annotate")
    header = ("--custom-compile-command", "python3 x.py lock")
    upgrade = ("--upgrade",) if "--upgrade" in args else ()
    # Only the full index: one that mirrors a few files of a release would leave hashes out.
    whole = {word: value for word, value in pip_settings().items() if word in WHOLE}
    environ = uv_environment(whole, os.environ)
    above: tuple[str, ...] = ()
    for level in reversed(LEVELS):  # the widest first; the narrower ones keep its versions
        out = f"locks/{level}.txt"
        choice = (*LEVELS[level], *above, *upgrade, "--output-file", out)
        run(uv, *base, *shape, *header, *choice, "pyproject.toml", environ=environ)
        above = ("--constraint", out)
    boot = ("--group", "boot", *upgrade, "--output-file", "locks/boot.txt")
    run(uv, *base, *shape, *header, *boot, environ=environ)
    return 0


# ---------------------------------------------------------------- small things


def run(*command: str | Path, environ: Mapping[str, str] | None = None) -> None:
    """Run to the end, or raise CalledProcessError."""
    subprocess.run([str(word) for word in command], cwd=ROOT, env=environ, check=True)


def answer(*command: str | Path) -> str | None:
    """What a program prints, or None where it is missing or fails."""
    words = [str(word) for word in command]
    try:
        asked = subprocess.run(words, capture_output=True, text=True, check=False)
    except OSError:
        return None
    return asked.stdout.strip() if asked.returncode == 0 else None


def call(*command: str | Path, title: str) -> int:
    """Run under a title and return the exit status."""
    say(title)
    return subprocess.run([str(word) for word in command], cwd=ROOT, check=False).returncode


def begin(*command: str | Path) -> subprocess.Popen[str]:
    """Begin what runs beside us; what it says is kept."""
    words = [str(word) for word in command]
    kept = subprocess.PIPE
    return subprocess.Popen(words, cwd=ROOT, text=True, stdout=kept, stderr=subprocess.STDOUT)


def hand_over(*command: str | Path) -> int:
    """Become the other program, so that signals reach it; where that cannot be, run it."""
    words = [str(word) for word in command]
    if os.name != "nt":
        os.execv(words[0], words)  # noqa: S606  (no shell is wanted)
    return subprocess.run(words, check=False).returncode


def keep_compiled() -> None:
    """Where Python is told to leave no compiled files beside the sources (in many containers), they
    are kept in our own environment: compiling everything anew costs each process two seconds.
    """
    if os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):
        os.environ.setdefault("PYTHONPYCACHEPREFIX", str(VENV / "compiled"))


def say(what: str) -> None:
    """Say what x.py itself is doing, beside the output of the tools."""
    print(f"x.py: {what}", file=sys.stderr, flush=True)


COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {
    "demo": demo,
    "test": test,
    "check": check,
    "setup": setup,
    "docs": docs,
    "pictures": pictures,
    "lock": lock,
}


def main(argv: Sequence[str]) -> int:
    """Run one command; return its exit status."""
    name, *args = argv or ["--help"]
    if name not in COMMANDS:
        print(__doc__)
        return 0 if name in {"-h", "--help", "help"} else 2
    keep_compiled()
    try:
        return COMMANDS[name](args)
    except (SetupError, subprocess.CalledProcessError) as fault:
        say(str(fault))
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
