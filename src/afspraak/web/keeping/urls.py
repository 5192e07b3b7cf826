"""The addresses of an agreement's life; each view states its policy."""

from typing import Final

from django.urls import URLPattern, path, re_path

from afspraak.web.keeping import calendar, dates, feeds

OF: Final = "agreements/<uuid:agreement>/"

urlpatterns: Final[list[URLPattern]] = [
    path("keeping/", calendar.calendar, name="keeping"),
    path("keeping/feed/", feeds.make, name="keeping_feed_make"),
    path("keeping/feed/end/", feeds.end, name="keeping_feed_end"),
    re_path(
        r"^keeping/feed/(?P<secret>[A-Za-z0-9_-]{1,80})\.ics$", feeds.feed, name="keeping_feed"
    ),
    path(f"{OF}dates/", dates.dates, name="keeping_dates"),
    path(f"{OF}dates/evidence/", dates.hand_in, name="keeping_hand_in"),
    path(f"{OF}dates/owner/", dates.own, name="keeping_own"),
    path(f"{OF}papers/<uuid:paper>/", dates.paper, name="keeping_paper"),
]
