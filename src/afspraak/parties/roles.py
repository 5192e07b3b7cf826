"""Roles of people in an organisation, and what each may do: data, in one table."""

from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """What somebody is in an organisation."""

    ADMIN = "admin", _("administrator")
    CONTRACT_MANAGER = "contract_manager", _("contract manager")
    AGENT = "agent", _("service-desk agent")
    ACCOUNT_MANAGER = "account_manager", _("account manager")
    CUSTOMER_MANAGER = "customer_manager", _("manager")
    CUSTOMER_USER = "customer_user", _("user")


STAFF: Final = frozenset({Role.ADMIN, Role.CONTRACT_MANAGER, Role.AGENT, Role.ACCOUNT_MANAGER})
"""Who works for a supplier; a second factor is asked of them."""

LIMITED: Final = frozenset({Role.CUSTOMER_USER})
"""Roles that see only what is their own."""


class Right(TextChoices):
    """What can be done; a route names one of these, and a token may hold fewer than its maker."""

    READ_PARTIES = "parties:read", _("see organisations and people")
    WRITE_PARTIES = "parties:write", _("change organisations and people")
    READ_AGREEMENTS = "agreements:read", _("see agreements")
    WRITE_AGREEMENTS = "agreements:write", _("bring in agreements and record signatures")
    NEGOTIATE = "agreements:negotiate", _("comment, propose and answer while agreements are made")
    SIGN = "agreements:sign", _("sign for their organisation")
    READ_TICKETS = "tickets:read", _("see tickets and their clocks")
    WRITE_TICKETS = "tickets:write", _("report, answer, accept and reject")
    WORK_TICKETS = "tickets:work", _("work on tickets for the supplier")
    READ_FIGURES = "figures:read", _("see figures")
    OVERSEE = "relations:oversee", _("see how all relations stand")
    READ_NOTICES = "notices:read", _("see what was told to whom")
    WRITE_NOTICES = "notices:write", _("edit, approve and withhold notices")
    WRITE_SERVICES = "services:write", _("report outages and maintenance")
    WRITE_MAIL = "mail:write", _("hand mail over")
    WRITE_EVIDENCE = "evidence:write", _("hand in evidence")
    AGREE_COST = "cost:agree", _("agree to extra cost")
    WRITE_HISTORY = "history:write", _("bring in another system's history")
    ERASE = "texts:erase", _("erase texts of their own side")
    MANAGE_TOKENS = "tokens:manage", _("make and end tokens")
    MANAGE_PEOPLE = "people:manage", _("invite people and end their roles")
    EXPORT = "export", _("export everything that one sees")


_READS: Final = frozenset(
    {Right.READ_PARTIES, Right.READ_AGREEMENTS, Right.READ_TICKETS, Right.READ_FIGURES}
)
_WORKS: Final = _READS | {
    Right.WRITE_TICKETS,
    Right.WORK_TICKETS,
    Right.READ_NOTICES,
    Right.WRITE_NOTICES,
    Right.WRITE_SERVICES,
    Right.WRITE_EVIDENCE,
}

RIGHTS: Final[dict[str, frozenset[Right]]] = {
    Role.ADMIN: frozenset(Right),
    Role.CONTRACT_MANAGER: _WORKS
    | {
        Right.OVERSEE,
        Right.WRITE_AGREEMENTS,
        Right.NEGOTIATE,
        Right.SIGN,
        Right.EXPORT,
        Right.AGREE_COST,
    },
    Role.AGENT: _WORKS,
    Role.ACCOUNT_MANAGER: _READS
    | {
        Right.OVERSEE,
        Right.NEGOTIATE,
        Right.READ_NOTICES,
        Right.WRITE_NOTICES,
        Right.WRITE_EVIDENCE,
        Right.EXPORT,
    },
    Role.CUSTOMER_MANAGER: _READS
    | {
        Right.NEGOTIATE,
        Right.SIGN,
        Right.WRITE_TICKETS,
        Right.WRITE_EVIDENCE,
        Right.AGREE_COST,
        Right.MANAGE_PEOPLE,
        Right.EXPORT,
        Right.ERASE,
    },
    Role.CUSTOMER_USER: frozenset(
        {Right.READ_PARTIES, Right.READ_AGREEMENTS, Right.READ_TICKETS, Right.WRITE_TICKETS}
    ),
}
"""Role -> its rights. An adviser holds READ_AGREEMENTS and READ_FIGURES for one agreement."""

ADVISER: Final = frozenset({Right.READ_AGREEMENTS, Right.READ_FIGURES})
