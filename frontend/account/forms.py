"""The account's forms: a token, and a new password."""

from contextlib import nullcontext
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import ChangePasswordForm
from django import forms
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import (
    MinimumLengthValidator,
    get_default_password_validators,
)
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from documents.auth import live_tokens, tokens_kept
from documents.models import Collection, TokenScope

LIFETIMES = (7, 30, 90, 365)


class TokenForm(forms.Form):
    """What a new token is for, and how far it goes; no collection named means all of them."""

    name = forms.CharField(max_length=100, strip=True)
    scope = forms.ChoiceField(choices=TokenScope.choices, initial=TokenScope.READ)
    days = forms.TypedChoiceField(coerce=int)
    collections = forms.ModelMultipleChoiceField(
        Collection.objects.none(), to_field_name="slug", required=False
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        days, collections = self.fields["days"], self.fields["collections"]
        assert isinstance(days, forms.TypedChoiceField)
        assert isinstance(collections, forms.ModelMultipleChoiceField)
        offered = sorted({*LIFETIMES, settings.TOKEN_DAYS} - {0})
        lifetimes = [(n, ngettext("In %(n)d day", "In %(n)d days", n) % {"n": n}) for n in offered]
        days.choices = [*lifetimes, (0, _("Never"))]
        days.initial = settings.TOKEN_DAYS
        collections.queryset = Collection.objects.visible_to(user)

    @property
    def limits(self) -> dict[str, Any]:
        """How far the token goes, as `create_token` takes it."""
        given = self.cleaned_data
        return {
            "scope": TokenScope(given["scope"]),
            "collections": given["collections"] or None,
            "days": given["days"],
        }


class NewPasswordForm(ChangePasswordForm):  # type: ignore[misc]  # the library has no types
    """allauth's, and a box to keep the tokens, which a new password ends."""

    keep_tokens = forms.BooleanField(required=False, label=_("Keep my API tokens"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not live_tokens(self.user).exists():
            del self.fields["keep_tokens"]
        self.fields["oldpassword"].label = _("Current password")
        self.fields["password1"].label = _("New password")
        self.fields["password1"].help_text = _password_rules()
        self.fields["password2"].label = _("New password, again")

    def clean_oldpassword(self) -> str:
        """Checked as when signing in: tries are limited, and failures are in the audit log."""
        given: str = self.cleaned_data["oldpassword"]
        if not get_adapter().reauthenticate(self.user, given):
            raise get_adapter().validation_error("enter_current_password")
        return given

    def save(self) -> None:
        with tokens_kept() if self.cleaned_data.get("keep_tokens") else nullcontext():
            super().save()


def _password_rules() -> str:
    """In one sentence what Django's validators say in six."""
    rules = get_default_password_validators()
    fewest = max(one.min_length for one in rules if isinstance(one, MinimumLengthValidator))
    return gettext(
        "At least %(n)d characters; no common password, no repetition, nothing like your name."
    ) % {"n": fewest}
