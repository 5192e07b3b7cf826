"""What people fill in. Every choice is one that they see; a foreign one is told as unknown."""

from datetime import date
from typing import Any, Final

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from afspraak.agreements.models import Agreement
from afspraak.parties.identity import Identity
from afspraak.parties.models import Organisation
from afspraak.parties.roles import RIGHTS, Right, Role

MOST_LETTERS: Final = 200


class Joining(forms.Form):
    """Who accepts an invitation: name and password."""

    name = forms.CharField(label=_("Your name"), max_length=MOST_LETTERS)
    password = forms.CharField(
        label=_("Password"),
        max_length=MOST_LETTERS,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least twelve characters."),
    )

    def clean_password(self) -> str:
        """By the same rules as a change of password."""
        password = str(self.cleaned_data["password"])
        validate_password(password)
        return password


class Asking(forms.Form):
    """Whom to invite, as what."""

    email = forms.EmailField(label=_("E-mail address"))
    name = forms.CharField(label=_("Name"), max_length=MOST_LETTERS, required=False)
    organisation = forms.ModelChoiceField(
        label=_("Organisation"), queryset=Organisation.objects.none(), empty_label=None
    )
    role = forms.ChoiceField(label=_("Role"), required=False)
    agreement = forms.ModelChoiceField(
        label=_("or adviser on one agreement"), queryset=Agreement.objects.none(), required=False
    )

    def __init__(self, identity: Identity, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        viewer, own = identity.viewer, identity.organisation
        seen = Organisation.objects.seen_by(viewer)
        ours = (seen.filter(pk=own) | seen.filter(as_customer__supplier_id=own)).order_by("name")
        roles = [(each, each.label) for each in Role if RIGHTS[each] <= identity.rights]
        self.fields["organisation"].queryset = ours  # type: ignore[attr-defined]  # a choice of rows
        self.fields["organisation"].initial = own
        self.fields["role"].choices = [("", "-"), *roles]  # type: ignore[attr-defined]  # a choice
        self.fields["agreement"].queryset = Agreement.objects.seen_by(  # type: ignore[attr-defined]  # a choice of rows
            viewer
        )


class Making(forms.Form):
    """A token: its name, what it may do, and until when."""

    name = forms.CharField(label=_("Name"), max_length=100)
    rights = forms.MultipleChoiceField(
        label=_("May"), widget=forms.CheckboxSelectMultiple, choices=()
    )
    until_on = forms.DateField(label=_("Until"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, identity: Identity, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = [(each.value, each.label) for each in Right if each in identity.rights]
        self.fields["rights"].choices = own  # type: ignore[attr-defined]  # a choice

    def clean_until_on(self) -> date:
        """A date of our calendar."""
        until: date = self.cleaned_data["until_on"]
        if until.year > 9000:  # noqa: PLR2004  (the end of what an instant can hold)
            raise ValidationError(_("This date lies too far ahead."))
        return until
