"""The addresses of signing; each view states its policy."""

from typing import Final

from django.urls import URLPattern, path

from afspraak.web.signing import by_passkey, files, keys, offering, pages

SIGN: Final = "agreements/<uuid:agreement>/sign/<uuid:version>/"
VERSION: Final = "agreements/<uuid:agreement>/versions/<uuid:version>/"

urlpatterns: Final[list[URLPattern]] = [
    path("signing/", keys.waiting, name="signing"),
    path("signing/keys/", keys.keys, name="signing_keys"),
    path("signing/keys/confirm/", keys.confirm, name="signing_confirm_key"),
    path("signing/keys/<uuid:key>/end/", keys.end, name="signing_end_key"),
    path("drafts/<uuid:draft>/sign/", offering.offer, name="signing_offer"),
    path(SIGN, pages.sign, name="signing_version"),
    path(f"{SIGN}pdf/", pages.in_pdf, name="signing_in_pdf"),
    path(f"{SIGN}paper/", pages.on_paper, name="signing_on_paper"),
    path(f"{SIGN}passkey/begin/", by_passkey.begin, name="signing_passkey_begin"),
    path(f"{SIGN}passkey/", by_passkey.finish, name="signing_passkey"),
    path(f"{VERSION}paper.pdf", files.paper, name="signing_paper"),
    path(f"{VERSION}signed.pdf", files.to_be_signed, name="signing_signed"),
    path(f"{VERSION}files/<uuid:file>/", files.file, name="signing_file"),
    path(f"{VERSION}evidence/<uuid:proof>/", files.evidence, name="signing_evidence"),
]
