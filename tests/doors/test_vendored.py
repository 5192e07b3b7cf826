"""What came from elsewhere is what was recorded: every file by its hash, every package of a bundle
with its exact version, its licence and its integrity.
"""

import json
from hashlib import sha256
from pathlib import Path

WEB = Path(__file__).resolve().parents[2] / "src" / "afspraak" / "web"
STATIC = WEB / "static" / "web"
KNOWN = json.loads((WEB / "vendored" / "vendored.json").read_text("utf-8"))
OURS = {
    *("agreements.css", "look.css", "plain.css", "mark.svg"),
    *("amending.css", "archive.css", "keeping.css", "life.css"),
    *("making.css", "offers.css", "readiness.css", "signing.css"),
}


def test_every_file_is_what_was_recorded() -> None:
    found = {name: sha256((STATIC / name).read_bytes()).hexdigest() for name in KNOWN}
    assert found == {name: each["sha256"] for name, each in KNOWN.items()}


def test_what_is_not_ours_is_recorded() -> None:
    scripts = {path.name for path in STATIC.glob("*.js") if path.stat().st_size > 20_000}
    others = {path.name for path in STATIC.iterdir() if path.suffix not in (".js", ".txt")} - OURS
    assert scripts | others == set(KNOWN)


def test_every_package_of_a_bundle_has_a_version_a_licence_and_an_integrity() -> None:
    packages = KNOWN["codemirror.js"]["packages"]
    licences = (STATIC / "codemirror-LICENSE.txt").read_text("utf-8")
    for name, each in packages.items():
        assert each["integrity"].startswith("sha512-")
        assert each["licence"] == "MIT"
        assert name == "esbuild" or f"{name} {each['version']}" in licences


def test_the_editor_is_loaded_on_its_own_pages_only() -> None:
    pages = {
        path.name
        for path in (WEB / "templates").rglob("*.html")
        if "web/codemirror.js" in path.read_text("utf-8")
    }
    assert pages == {"editor_scripts.html"}
