"""The addresses of the desk and of the portal; each view states its policy."""

from typing import Final

from django.urls import URLPattern, path, re_path

from afspraak.web import (
    at_risk,
    complaints,
    desk,
    mine,
    mine_services,
    mine_standing,
    queue,
    report,
    style,
    ticket,
)

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
    path("reports/", report.reports, name="reports"),
    path("reports/<uuid:agreement>/<str:on>/", report.report, name="report"),
    path("reports/<uuid:agreement>/<str:on>/pdf/", report.report_pdf, name="report_pdf"),
    path(
        "reports/<uuid:agreement>/<str:on>/tickets/", report.report_tickets, name="report_tickets"
    ),
    path("reports/<uuid:agreement>/<str:on>/send/", report.report_send, name="report_send"),
    re_path(NUMBER + "$", ticket.ticket, name="ticket"),
    re_path(NUMBER + "tell/$", ticket.tell, name="tell"),
    path("mijn/", mine.mine, name="mine"),
    path("mijn/melden/", mine.new, name="new"),
    path("mijn/melden/ask/", mine.new_asked, name="new_asked"),
    path("mijn/melden/verdict/", mine.new_verdict, name="new_verdict"),
    path("mijn/melden/send/", mine.report, name="send"),
    path("mijn/overeenkomst/<uuid:agreement>/", mine.agreement, name="agreement"),
    path("mijn/diensten/", mine_services.services, name="mine_services"),
    path("mijn/diensten/<uuid:agreement>/<str:key>/", mine_services.service, name="mine_service"),
    path("mijn/beloften/", mine_standing.promises, name="mine_promises"),
    path("mijn/mensen/", mine_standing.people, name="mine_people"),
    path("mijn/klacht/", complaints.complaint, name="complaint"),
    path("mijn/klacht/send/", complaints.complain, name="complain"),
    path("complaints/", complaints.complaints, name="complaints"),
    path("complaints/<uuid:complaint>/", complaints.answer, name="complaint_answer"),
    path("stijl/", style.style, name="style"),
]
