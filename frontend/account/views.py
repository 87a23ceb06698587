"""Signing in and out, the password, and the tokens for the API."""

from typing import cast

from django import forms
from django.contrib import messages
from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from documents.auth import create_token
from documents.models import ApiToken


class SignIn(auth.LoginView):
    template_name = "frontend/account/login.html"
    redirect_authenticated_user = True


class SignOut(auth.LogoutView):
    pass


class ChangePassword(auth.PasswordChangeView):
    template_name = "frontend/account/password.html"
    success_url = reverse_lazy("account")

    def form_valid(self, form: forms.BaseForm) -> HttpResponse:
        messages.success(self.request, _("Your password was changed."))
        return super().form_valid(form)  # type: ignore[arg-type]


class TokenForm(forms.Form):
    name = forms.CharField(max_length=100, strip=True)


@login_required
@never_cache
def account(request: HttpRequest) -> HttpResponse:
    """The page; sent with a name, it makes a token and shows its secret, this once."""
    user = cast(User, request.user)
    form = TokenForm(request.POST if request.method == "POST" else None)
    secret = ""
    if form.is_valid():
        secret = create_token(user, form.cleaned_data["name"])
        form = TokenForm()
    context = {"form": form, "secret": secret, "tokens": ApiToken.objects.filter(user=user)}
    return render(request, "frontend/account/page.html", context)


@login_required
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    token = get_object_or_404(ApiToken, pk=pk, user=cast(User, request.user))
    token.delete()
    messages.success(request, _("The token “%(name)s” was revoked.") % {"name": token.name})
    return redirect("account")
