"""The addresses of the desk and of the portal; each view states its policy."""

from typing import Final

from django.urls import URLPattern, path, re_path

from afspraak.web import at_risk, desk, mine, queue, style, ticket

NUMBER: Final = r"^t/(?P<number>[^/\x00-\x1f]{1,24})/"

urlpatterns: Final[list[URLPattern]] = [
    path("desk/", desk.desk, name="desk"),
    path("desk/search/", desk.search, name="desk_search"),
    path("desk/ask/", desk.ask, name="desk_ask"),
    path("desk/verdict/", desk.verdict, name="desk_verdict"),
    path("desk/report/", desk.report, name="desk_report"),
    path("queue/", queue.queue, name="queue"),
    path("queue/part/", queue.queue_part, name="queue_part"),
    path("at-risk/", at_risk.at_risk, name="at_risk"),
    path("at-risk/foresee/", at_risk.foresee, name="at_risk_foresee"),
    path("at-risk/<uuid:notice>/", at_risk.decide, name="at_risk_decide"),
    path("at-risk/<uuid:notice>/word/", at_risk.word, name="at_risk_word"),
    re_path(NUMBER + "$", ticket.ticket, name="ticket"),
    re_path(NUMBER + "tell/$", ticket.tell, name="tell"),
    path("mijn/", mine.mine, name="mine"),
    path("mijn/melden/", mine.new, name="new"),
    path("mijn/melden/ask/", mine.new_asked, name="new_asked"),
    path("mijn/melden/verdict/", mine.new_verdict, name="new_verdict"),
    path("mijn/melden/send/", mine.report, name="send"),
    path("mijn/overeenkomst/<uuid:agreement>/", mine.agreement, name="agreement"),
    path("stijl/", style.style, name="style"),
]
