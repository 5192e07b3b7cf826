"""The addresses of the desk and of the portal; each view states its policy."""

from typing import Final

from django.urls import URLPattern, path, re_path

from afspraak.web import (
    at_risk,
    beside,
    complaints,
    desk,
    dossier,
    history,
    incident,
    mine,
    mine_services,
    mine_standing,
    presence,
    queue,
    replies,
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
    path("desk/in/", presence.i_am_in, name="i_am_in"),
    path("dossier/<uuid:relation>/", dossier.dossier, name="dossier"),
    path("dossier/<uuid:relation>/line/", dossier.write_line, name="write_line"),
    path("dossier/<uuid:relation>/<uuid:entry>/strike/", dossier.strike_line, name="strike_line"),
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
    re_path(NUMBER + "tijd/$", beside.keep_time, name="keep_time"),
    re_path(NUMBER + "storing/$", incident.join_incident, name="join_incident"),
    re_path(NUMBER + "feiten/$", history.history, name="history"),
    path("storing/<uuid:incident>/", incident.incident, name="incident"),
    path("storing/<uuid:incident>/tell/", incident.tell_incident, name="tell_incident"),
    path("storing/<uuid:incident>/close/", incident.end_incident, name="end_incident"),
    path("sjablonen/", replies.replies, name="replies"),
    path("sjablonen/<uuid:template>/end/", replies.end_reply, name="end_reply"),
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
