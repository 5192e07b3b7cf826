"""What a guest fills in."""

from typing import Final

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

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
