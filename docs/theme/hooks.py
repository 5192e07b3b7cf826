"""What the site adds to the pages as they lie in docs/: pages that are made from others, and which
language a page is in. Called by MkDocs, see mkdocs.yml.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

BESIDE: Final = {
    "README.md": "project.md",
    "ARCHITECTURE.md": "architecture.md",
    "CHANGELOG.md": "changelog.md",
}
"""The pages that lie beside docs/, and what they are called in the site."""
FONT: Final = "src/afspraak/web/static/web/inter.woff2"
"""The pages' own font: the site has it from where they have it."""
AROUND: Final = {
    "nl": {
        '<html lang="en"': '<html lang="nl"',
        "Table of contents": "Op deze pagina",
        'placeholder="Search"': 'placeholder="Zoeken"',
        'aria-label="Search"': 'aria-label="Zoeken"',
        "Back to top": "Naar boven",
        "Skip to content": "Naar de tekst",
    },
    "fr": {
        '<html lang="en"': '<html lang="fr"',
        "Table of contents": "Sur cette page",
        'placeholder="Search"': 'placeholder="Chercher"',
        'aria-label="Search"': 'aria-label="Chercher"',
        "Back to top": "Vers le haut",
        "Skip to content": "Aller au texte",
    },
}
"""What Material says around a page, as a page of another language says it."""
HEADING: Final = re.compile(r"^# (.+)$", re.MULTILINE)


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Add what lies beside docs/, a list of each folder's pages, and the API's operations."""
    docs = Path(config.docs_dir)
    made = {
        there: within((docs.parent / name).read_text("utf-8")) for name, there in BESIDE.items()
    }
    made["decisions/index.md"] = "\n".join(listed(docs / "decisions", "Decisions"))
    made["operations.md"] = "\n".join(
        operations(json.loads((docs / "openapi.json").read_text("utf-8")))
    )
    for name, text in made.items():
        files.append(File.generated(config, name, content=text))
    font = str(docs.parent / FONT)
    files.append(File.generated(config, "assets/inter.woff2", abs_src_path=font))
    return files


def on_page_markdown(markdown: str, *, page: Page, **_: Any) -> str:
    """A link to a page beside docs/ leads to it within the site."""
    up = "../" * page.file.src_uri.count("/")
    for name, there in BESIDE.items():
        markdown = markdown.replace(f"]({up}../{name}", f"]({up}{there}")
    return markdown


def on_post_page(output: str, *, page: Page, **_: Any) -> str:
    """A page is in one language to the end, also to who hears it read."""
    language = page.file.src_uri.partition("/")[0]
    for english, own in AROUND.get(language, {}).items():
        output = output.replace(english, own)
    return output


def within(text: str) -> str:
    """A page from beside docs/ with its links as they lead within the site."""
    text = re.sub(r"\]\(docs/decisions\)", "](decisions/index.md)", text)
    text = text.replace("](docs/rules)", "](rules/README.md)")
    text = text.replace("](docs/", "](").replace(
        "](LICENSE)", "](https://www.apache.org/licenses/LICENSE-2.0)"
    )
    for name, there in BESIDE.items():
        text = text.replace(f"]({name})", f"]({there})")
    return text


def listed(folder: Path, title: str) -> Iterator[str]:
    """A page that names the pages of a folder."""
    yield f"# {title}\n"
    for path in sorted(folder.glob("*.md")):
        heading = HEADING.search(path.read_text("utf-8"))
        yield f"- [{heading[1] if heading else path.stem}]({path.name})"


def operations(described: dict[str, Any]) -> Iterator[str]:
    """A page of every operation of the API, by what it is about, from its own description."""
    yield "# Every operation\n"
    yield "Made from [openapi.json](openapi.json), which also says what goes in and comes out.\n"
    yield "How to ask: [the API](api.md).\n"
    by_tag: dict[str, list[str]] = {}
    for path, methods in described["paths"].items():
        for method, told in methods.items():
            what = " ".join((told.get("description") or told["summary"]).split())
            right = f"`{told['x-right']}`" if told.get("x-right") else "none"
            row = f"| `{method.upper()} {path.removeprefix('/api/v1')}` | {what} | {right} |"
            by_tag.setdefault(told["tags"][0], []).append(row)
    for tag, rows in sorted(by_tag.items()):
        yield f"\n## {tag.capitalize()}\n\n| operation | what | right |\n|---|---|---|"
        yield from rows
