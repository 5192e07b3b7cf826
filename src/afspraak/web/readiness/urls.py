"""The addresses of readiness, the same about an agreement and about a draft."""

from typing import Final

from django.urls import URLPattern, path

from afspraak.web.readiness import page, terms

VIEWS: Final = (
    ("", page.readiness, ""),
    ("say/", page.say, "_say"),
    ("accept/", page.accept, "_accept"),
    ("state/", page.state, "_state"),
    ("propose/", page.propose, "_propose"),
    ("terms/", terms.terms, "_terms"),
    ("terms/weigh/", terms.weigh, "_weigh"),
)
"""What stands behind `readiness/`, the view, and the end of its name."""

urlpatterns: Final[list[URLPattern]] = [
    *(
        path(
            f"agreements/<uuid:agreement>/readiness/{end}", view, name=f"agreement_readiness{name}"
        )
        for end, view, name in VIEWS
    ),
    *(
        path(f"drafts/<uuid:draft>/readiness/{end}", view, name=f"draft_readiness{name}")
        for end, view, name in VIEWS
    ),
    path("readiness/terms/<uuid:terms>/", terms.file, name="readiness_terms_file"),
]
