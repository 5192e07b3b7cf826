"""The addresses of agreements in the making; each view states its policy."""

from typing import Final

from django.urls import URLPattern, path

from afspraak.web.making import clause, draft, drafts, kept, table, text, weighed

_ONE: Final = "drafts/<uuid:draft>/"
urlpatterns: Final[list[URLPattern]] = [
    path("drafts/", drafts.drafts, name="drafts"),
    path("drafts/new/", drafts.new, name="draft_new"),
    path(_ONE, draft.draft, name="draft"),
    path(f"{_ONE}change/", draft.change, name="draft_change"),
    path(f"{_ONE}say/", draft.say, name="draft_say"),
    path(f"{_ONE}clause/<slug:clause>/", clause.clause, name="draft_clause"),
    path(f"{_ONE}clause/<slug:clause>/check/", clause.check, name="draft_check"),
    path(f"{_ONE}add/<slug:kind>/", clause.add, name="draft_add"),
    path(f"{_ONE}add/<slug:kind>/check/", clause.check_new, name="draft_check_new"),
    path(f"{_ONE}text/", text.edit, name="draft_text"),
    path(f"{_ONE}text/check/", text.check, name="draft_text_check"),
    path(f"{_ONE}text/save/", text.save, name="draft_text_save"),
    path(f"{_ONE}table/", table.table, name="draft_table"),
    path(f"{_ONE}changes/", weighed.changes, name="draft_changes"),
    path(f"{_ONE}balance/", weighed.balance, name="draft_balance"),
    path(f"{_ONE}kept/", kept.kept, name="draft_kept"),
    path(f"{_ONE}kept/confirm/", kept.confirm, name="draft_confirm"),
]
