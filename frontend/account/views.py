"""Signing in and out, the password, and the tokens for the API."""

from typing import cast

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from documents.auth import create_token, revoke_tokens
from documents.errors import TokenLimitReached
from documents.library import is_exempt, quota_use
from documents.models import ApiToken
from frontend.account.forms import NewPasswordForm, TokenForm
from frontend.messages import translate_message

MEGABYTE = 1024 * 1024


class SignIn(auth.LoginView):
    template_name = "frontend/account/login.html"
    redirect_authenticated_user = True


class SignOut(auth.LogoutView):
    pass


class ChangePassword(auth.PasswordChangeView):
    template_name = "frontend/account/password.html"
    form_class = NewPasswordForm
    success_url = reverse_lazy("account")

    def form_valid(self, form: forms.BaseForm) -> HttpResponse:
        messages.success(self.request, _("Your password was changed."))
        return super().form_valid(form)  # type: ignore[arg-type]


@login_required
@never_cache
def account(request: HttpRequest) -> HttpResponse:
    """The page; sent with a name and the password, it makes a token and shows it, this once."""
    user = cast(User, request.user)
    form = TokenForm(user, request.POST if request.method == "POST" else None)
    secret = ""
    if form.is_valid():
        try:
            secret = create_token(user, form.cleaned_data["name"], actor=user, **form.limits)
            form = TokenForm(user)
        except TokenLimitReached as error:
            form.add_error(None, translate_message(error.message))
    context = {
        "form": form,
        "secret": secret,
        "tokens": _own_tokens(request).prefetch_related("collections"),
        "quota": _quota(user),
    }
    return render(request, "frontend/account/page.html", context)


def _quota(user: User) -> dict[str, object] | None:
    """What the user keeps and may keep; None for whom nothing is limited."""
    if is_exempt(user) or not (settings.USER_QUOTA_MB or settings.USER_QUOTA_DOCUMENTS):
        return None
    use = quota_use(user)
    return {
        "use": use,
        "bytes": settings.USER_QUOTA_MB * MEGABYTE,
        "documents": settings.USER_QUOTA_DOCUMENTS,
    }


@login_required
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    token = get_object_or_404(_own_tokens(request), pk=pk)
    revoke_tokens([token], request.user)
    messages.success(request, _("The token “%(name)s” was revoked.") % {"name": token.name})
    return redirect("account")


@login_required
@require_POST
def revoke_all(request: HttpRequest) -> HttpResponse:
    count = revoke_tokens(_own_tokens(request), request.user)
    text = ngettext("%(n)d token was revoked.", "%(n)d tokens were revoked.", count)
    messages.success(request, text % {"n": count})
    return redirect("account")


def _own_tokens(request: HttpRequest) -> QuerySet[ApiToken]:
    return ApiToken.objects.filter(user=cast(User, request.user)).select_related("user")
