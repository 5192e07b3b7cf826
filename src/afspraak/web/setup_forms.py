"""What the set-up asks for. Every choice is one that they see; a foreign one is told as unknown."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from afspraak.agreements.models import Agreement
from afspraak.engine.time import datetime_of
from afspraak.language.check_frame import misread
from afspraak.language.text.faults import said
from afspraak.notices.models import ChannelKind, Kind
from afspraak.parties.identity import Identity
from afspraak.parties.models import Organisation, Person
from afspraak.parties.roles import RIGHTS, STAFF, Right, Role
from afspraak.rights.querysets import ScopedQuerySet
from afspraak.web.speaking import language

MOST_LETTERS: Final = 200
USUAL_DAYS: Final = 90
"""For how long a token holds where nothing else is said."""
_HIDDEN: Final = r"\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff"
_PLAIN: Final = RegexValidator(
    rf"^[^{_HIDDEN}]*$", _("One line, without signs that cannot be seen.")
)
_PHONE: Final = RegexValidator(
    r"^\+?[0-9 ()./-]{3,39}$", _("A telephone number has 3 to 39 digits.")
)
_REGISTER: Final = RegexValidator(
    r"^(?:kvk|kbo|vat):[A-Z0-9]{4,20}$", _("Write it as kvk:12345678, kbo:0403170701 or vat:BE…")
)
ZONES: Final = (
    *("Europe/Amsterdam", "Europe/Brussels", "Europe/Luxembourg", "Europe/Paris"),
    *("Europe/Berlin", "Europe/London"),
)
LANGUAGES: Final = (("nl", "Nederlands"), ("fr", "Français"), ("en", "English"))

Choices = Iterable[tuple[str, str | Promise]]


class Line(forms.CharField):
    """One line of text."""

    def __init__(self, *, most: int = MOST_LETTERS, **told: Any) -> None:
        super().__init__(max_length=most, **told)
        self.validators.append(_PLAIN)


class Day(forms.DateField):
    """A date of our calendar."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def validate(self, value: date | None) -> None:
        """One that an instant can hold."""
        super().validate(value)
        if value is not None and not 2000 <= value.year < 9000:  # noqa: PLR2004  (as filled.on_wall)
            raise ValidationError(_("This date lies too far ahead."))


def choose(form: forms.Form, name: str, choices: Choices) -> None:
    """The choices of a field."""
    form.fields[name].choices = list(choices)  # type: ignore[attr-defined]  # a choice


def choose_among(form: forms.Form, name: str, rows: ScopedQuerySet[Any]) -> None:
    """The rows that a field offers."""
    form.fields[name].queryset = rows  # type: ignore[attr-defined]  # a choice of rows


# Organisations ------------------------------------------------------------------------------------


class Organising(forms.Form):
    """An organisation: what it is called, and how it is reached."""

    name = Line(label=_("Name"))
    register = Line(
        label=_("Register number"),
        most=40,
        required=False,
        validators=[_REGISTER],
        help_text=_("kvk:12345678 or kbo:0403170701: agreements name their parties by it."),
    )
    phone = Line(label=_("Telephone"), most=40, required=False, validators=[_PHONE])
    address = Line(label=_("Address"), required=False)
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES, initial="nl")
    zone = forms.ChoiceField(label=_("Time zone"), choices=[(each, each) for each in ZONES])

    def __init__(self, told: Any = None, *, of: Organisation | None = None) -> None:
        initial = None if of is None else {name: getattr(of, name) for name in self.base_fields}
        super().__init__(told, initial=initial)
        if of is not None and of.zone not in ZONES:
            choose(self, "zone", [(each, each) for each in (*ZONES, of.zone)])

    def clean_register(self) -> str:
        """A number that the check of a contract takes as well: it would be refused there."""
        register = str(self.cleaned_data["register"])
        if fact := misread(register):
            raise ValidationError(said(fact, language()) or fact)
        return register


class Numbering(forms.Form):
    """What stands before a supplier's ticket numbers: chosen once."""

    begins = Line(
        label=_("Ticket numbers begin with"),
        most=12,
        required=False,
        help_text=_("As MEL-: the first ticket is then MEL-1. It is chosen once."),
        validators=[RegexValidator(r"^[A-Za-z0-9._-]*$", _("Letters, digits and - . _ only."))],
    )


class Knowing(forms.Form):
    """Somebody, and how they are reached."""

    name = Line(label=_("Name"))
    email = forms.EmailField(label=_("E-mail address"), required=False, max_length=254)
    phone = Line(label=_("Telephone"), most=40, required=False, validators=[_PHONE])
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES, initial="nl")

    def __init__(self, told: Any = None, *, of: Person | None = None) -> None:
        initial = None if of is None else {name: getattr(of, name) for name in self.base_fields}
        super().__init__(told, initial=initial, auto_id="person_%s")


# Programs ----------------------------------------------------------------------------------------


TOLD: Final[dict[str, str | Promise]] = {
    Kind.WARNING: _("a promise comes near"),
    Kind.MISSED: _("a promise was missed"),
    Kind.AHEAD: _("a promise will not be kept"),
    Kind.BREACH: _("a notice of a miss is due to the customer"),
    Kind.DUTY_DUE: _("a dated promise is due soon"),
    Kind.DUTY_MISSED: _("a dated promise was missed"),
    Kind.REPORT: _("a report is there"),
    Kind.TERM: _("the last date of notice comes near"),
    Kind.COMPLAINT: _("somebody is not content"),
    Kind.APPROVAL: _("a draft waits for approval"),
    Kind.ALARM: _("the watch has an alarm"),
}
"""What a program or a chat may be told of."""


class Telling(forms.Form):
    """Where a program or a chat is told as well, and of what."""

    name = Line(label=_("Name"), most=100, help_text=_("By which you know it again."))
    kind = forms.ChoiceField(
        label=_("What listens there?"),
        choices=[
            (ChannelKind.WEBHOOK, _("a program (signed webhook)")),
            (ChannelKind.CHAT, _("a chat (Teams, Slack, Google Chat, Discord, Telegram)")),
        ],
    )
    url = Line(
        label=_("Address"),
        most=1000,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_(
            "A program: https://… A chat: as Apprise writes it, slack://… or wxteams://…"
            " It is stored sealed, and not shown again."
        ),
    )
    events = forms.MultipleChoiceField(
        label=_("Of what? Nothing chosen is everything."),
        widget=forms.CheckboxSelectMultiple,
        choices=list(TOLD.items()),
        required=False,
    )


class Labelling(forms.Form):
    """What a monitor calls a service of an agreement."""

    label = Line(
        label=_("The monitor's word for it"),
        most=300,
        help_text=_("As the monitor sends it: the label service, the host, the name of the check."),
    )
    service = forms.ChoiceField(label=_("Is this service"))

    def __init__(self, services: Choices, told: Any = None) -> None:
        super().__init__(told)
        choose(self, "service", services)


# What is agreed on beside the agreements ----------------------------------------------------------


class Pricing(forms.Form):
    """What an hour costs outside every agreement."""

    per_hour = forms.DecimalField(
        label=_("An hour costs (EUR)"), max_digits=8, decimal_places=2, min_value=Decimal("0.01")
    )
    from_on = Day(label=_("From"))
    until_on = Day(label=_("Up to, not including"))


# Access -------------------------------------------------------------------------------------------


def roles_for(identity: Identity) -> list[tuple[str, list[tuple[str, str | Promise]]]]:
    """The roles that somebody may give: none that may do more than they."""
    given = [each for each in Role if RIGHTS[each] <= identity.rights]
    groups = (
        (str(_("Who works for a supplier")), [each for each in given if each in STAFF]),
        (str(_("Who works for a customer")), [each for each in given if each not in STAFF]),
    )
    return [(name, [(each.value, each.label) for each in roles]) for name, roles in groups if roles]


class Inviting(forms.Form):
    """Whom to invite, as what."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    name = Line(label=_("Name"), required=False)
    organisation = forms.ModelChoiceField(
        label=_("Organisation"), queryset=Organisation.objects.none(), empty_label=None
    )
    role = forms.ChoiceField(label=_("Role"))

    def __init__(self, identity: Identity, told: Any = None, **initial: str) -> None:
        own = identity.organisation
        super().__init__(told, initial={"organisation": own, **initial})
        seen = Organisation.objects.seen_by(identity.viewer)
        ours = seen.filter(pk=own) | seen.filter(as_customer__supplier_id=own)
        choose_among(self, "organisation", ours.order_by("name"))
        choose(self, "role", roles_for(identity))  # type: ignore[arg-type]  # in groups


class Advising(forms.Form):
    """An adviser, for one agreement."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    name = Line(label=_("Name"), required=False)
    agreement = forms.ModelChoiceField(
        label=_("Agreement"), queryset=Agreement.objects.none(), empty_label=None
    )

    def __init__(self, identity: Identity, told: Any = None) -> None:
        super().__init__(told, auto_id="adviser_%s")
        seen, own = Agreement.objects.seen_by(identity.viewer), identity.organisation
        choose_among(self, "agreement", seen.filter(supplier=own) | seen.filter(customer=own))


class Making(forms.Form):
    """A token: what it is for, what it may do, and until when."""

    name = Line(label=_("What is it for?"), most=100, help_text=_("The program that uses it."))
    rights = forms.MultipleChoiceField(
        label=_("It may"), widget=forms.CheckboxSelectMultiple, choices=()
    )
    until_on = Day(
        label=_("Until"),
        help_text=_("At most a year. What ends is renewed on purpose, or missed by nobody."),
    )

    def __init__(
        self,
        identity: Identity,
        at: int,
        told: Any = None,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        usual = datetime_of(at).date() + timedelta(days=USUAL_DAYS)
        super().__init__(told, initial={"until_on": usual, **(initial or {})})
        choose(
            self, "rights", [(each.value, each.label) for each in Right if each in identity.rights]
        )
