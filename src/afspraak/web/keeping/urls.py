"""The addresses of an agreement's life; each view states its policy."""

from typing import Final

from django.urls import URLPattern, path, re_path

from afspraak.web.keeping import assets, calendar, dates, deliveries, ending, feeds, team

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
    path(f"{OF}deliveries/", deliveries.deliveries, name="keeping_deliveries"),
    path(f"{OF}deliveries/answer/", deliveries.answer, name="keeping_answer"),
    path(f"{OF}team/", team.team, name="keeping_team"),
    path(f"{OF}team/swap/", team.swap, name="keeping_swap"),
    path(f"{OF}team/swap/about/", team.about_swap, name="keeping_about_swap"),
    path(f"{OF}team/proof/", team.proof, name="keeping_proof"),
    path(f"{OF}team/proof/withdraw/", team.withdraw_proof, name="keeping_withdraw_proof"),
    path(f"{OF}assets/", assets.assets, name="keeping_assets"),
    path(f"{OF}assets/keep/", assets.keep, name="keeping_thing"),
    path(f"{OF}assets/file/", assets.bring_in, name="keeping_things_file"),
    path(f"{OF}ending/", ending.ending, name="keeping_ending"),
    path(f"{OF}ending/notice/", ending.give_notice, name="keeping_notice"),
    path(f"{OF}ending/step/", ending.plan, name="keeping_step"),
    path(f"{OF}ending/step/about/", ending.about_step, name="keeping_about_step"),
    path(f"{OF}papers/<uuid:paper>/", dates.paper, name="keeping_paper"),
]
