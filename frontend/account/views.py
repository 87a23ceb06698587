"""The account page with its tokens for the API, and the sessions of an account."""

from typing import cast

from allauth.mfa.models import Authenticator
from allauth.usersessions.internal.flows import sessions as session_flows
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from documents.auth import create_token, record_event, revoke_tokens
from documents.errors import TokenLimitReached
from documents.library import is_exempt, quota_use
from documents.models import ApiToken, AuditEvent
from frontend.account.forms import TokenForm
from frontend.account.reauthentication import reauthentication_required
from frontend.messages import translate_message
from frontend.page_methods import require_safe_or_post
from retrieval.feedback import clear_searches, count_searches

MEGABYTE = 1024 * 1024


@login_required
@require_safe_or_post
@reauthentication_required
@never_cache
def account(request: HttpRequest) -> HttpResponse:
    """The page; sent with a name, it makes a token and shows it, this once."""
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
        "has_second_factor": Authenticator.objects.filter(user=user).exists(),
        "session_count": len(UserSession.objects.purge_and_list(user)),
        "search_count": count_searches(user),
        "search_days": settings.SEARCH_HISTORY_DAYS,
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
def clear_own_searches(request: HttpRequest) -> HttpResponse:
    count = clear_searches(cast(User, request.user))
    text = ngettext("%(n)d search was forgotten.", "%(n)d searches were forgotten.", count)
    messages.success(request, text % {"n": count})
    return redirect("account")


@login_required
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    token = get_object_or_404(_own_tokens(request), pk=pk)
    revoke_tokens([token], request.user)
    messages.success(request, _("The token “%(name)s” was revoked.") % {"name": token.name})
    return redirect("account")


@require_POST
@login_required
@reauthentication_required
def revoke_all(request: HttpRequest) -> HttpResponse:
    count = revoke_tokens(_own_tokens(request), request.user)
    text = ngettext("%(n)d token was revoked.", "%(n)d tokens were revoked.", count)
    messages.success(request, text % {"n": count})
    return redirect("account")


@login_required
@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    """Every browser in which the account is signed in, this one first."""
    mine = UserSession.objects.purge_and_list(cast(User, request.user))
    mine.sort(key=lambda one: (one.is_current(), one.last_seen_at), reverse=True)
    return render(request, "frontend/account/sessions.html", {"sessions": mine})


@login_required
@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """End one session of the account, at once; when it is this one, that is a sign-out."""
    user = cast(User, request.user)
    session = get_object_or_404(UserSession, pk=pk, user=user)
    record_event(AuditEvent.Action.SESSION_ENDED, user, reason="chosen", address_of_it=session.ip)
    session_flows.end_sessions(request, [session])
    messages.success(request, _("The session was ended."))
    return redirect("sessions")


@login_required
@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    count = UserSession.objects.filter(user=user).count() - 1
    record_event(AuditEvent.Action.SESSION_ENDED, user, reason="all others", sessions=count)
    session_flows.end_other_sessions(request, user)
    messages.success(request, _("All other sessions were ended."))
    return redirect("sessions")


def _own_tokens(request: HttpRequest) -> QuerySet[ApiToken]:
    return ApiToken.objects.filter(user=cast(User, request.user)).select_related("user")
