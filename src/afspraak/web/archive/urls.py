"""The addresses of the archive; each view states its policy."""

from typing import Final

from django.urls import URLPattern, path

from afspraak.web.archive import care, page, paper

urlpatterns: Final[list[URLPattern]] = [
    path("archive/", page.archive, name="archive"),
    path("archive/bring/", page.bring, name="archive_bring"),
    path("archive/progress/", page.progress, name="archive_progress"),
    path("archive/read/", page.read, name="archive_read"),
    path("archive/<uuid:paper>/", paper.paper, name="archive_paper"),
    path("archive/<uuid:paper>/page/<int:number>/", paper.picture, name="archive_picture"),
    path("archive/<uuid:paper>/file/", paper.file, name="archive_file"),
    path("archive/<uuid:paper>/confirm/", paper.confirm, name="archive_confirm"),
    path("archive/<uuid:paper>/type/", paper.type_in, name="archive_type"),
    path("archive/<uuid:paper>/keep/", paper.keep, name="archive_keep"),
    path("archive/<uuid:paper>/begin/", paper.begin, name="archive_begin"),
    path("agreements/<uuid:agreement>/care/", care.care, name="agreement_care"),
]
