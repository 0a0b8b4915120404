"""The forms of the account pages; every sentence in them is for the person who fills it in."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.validators import UnicodeUsernameValidator

from accounts.models import User
from accounts.roles import Role


class LoginForm(AuthenticationForm):
    """Says the same whether the name or the password is wrong."""

    error_messages = {
        "invalid_login": "De gebruikersnaam of het wachtwoord klopt niet. Let op hoofdletters en probeer het opnieuw.",
        "inactive": "De gebruikersnaam of het wachtwoord klopt niet. Let op hoofdletters en probeer het opnieuw.",
    }


class UserForm(forms.Form):
    """Role and municipality of an account.

    ``municipalities`` are the (code, name) pairs to choose from; a municipality is asked for only where the role
    has one.
    """

    full_name = forms.CharField(label="Naam", max_length=150, required=False)
    email = forms.EmailField(label="E-mailadres", required=False)
    role = forms.ChoiceField(label="Rol", choices=Role.choices)
    municipality = forms.ChoiceField(
        label="Gemeente",
        required=False,
        help_text="Alleen nodig bij de rol Gemeente: die ziet alleen de eigen gemeente.",
    )

    def __init__(self, *args: Any, municipalities: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["municipality"].choices = [("", "Geen gemeente"), *municipalities]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("role") == Role.MUNICIPALITY and not cleaned.get("municipality"):
            self.add_error("municipality", "Kies de gemeente waar deze gebruiker bij hoort.")
        return cleaned


class NewUserForm(UserForm):
    """The same for an account that does not exist yet."""

    username = forms.CharField(
        label="Gebruikersnaam",
        max_length=150,
        validators=[
            UnicodeUsernameValidator(message="Gebruik alleen letters, cijfers en de tekens @ . + - _ (geen spaties).")
        ],
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    field_order = ["username", "full_name", "email", "role", "municipality"]

    def clean_username(self) -> str:
        username = self.cleaned_data["username"]
        if User.objects.filter(username__iexact=username).exists():
            raise forms.ValidationError("Er is al een gebruiker met deze gebruikersnaam. Kies een andere.")
        return username
