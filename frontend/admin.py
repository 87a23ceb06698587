"""Accounts and groups in the admin, each change in the audit log; second factors to take away."""

from typing import Any

import allauth.account.admin
import allauth.mfa.admin
import allauth.usersessions.admin  # noqa: F401, so that all three have registered their models
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from documents.auth import record_event
from documents.models import AuditEvent

# There is no mail, and a session ends with its row and not with what is listed of it.
admin.site.unregister([Authenticator, EmailAddress, Group, User, UserSession])


@admin.register(Authenticator)
class SecondFactorAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Shows no secret. To delete both rows of a user lets them in with the password alone."""

    list_display = ("user", "type", "created_at", "last_used_at")
    list_filter = ("type",)
    search_fields = ("user__username",)
    fields = list_display

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Authenticator | None = None) -> bool:
        return False

    def delete_model(self, request: HttpRequest, obj: Authenticator) -> None:
        record_event(
            AuditEvent.Action.SECOND_FACTOR_CHANGED, request.user, obj.user,
            change="removed", type=obj.type,
        )  # fmt: skip
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Authenticator]) -> None:
        for one in queryset.select_related("user"):
            self.delete_model(request, one)


class AuditedAccounts:
    """Beside the admin's own history, which goes with the rows of whoever made it."""

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        self._record(request, obj, "added")
        return super().log_addition(request, obj, message)  # type: ignore[misc]

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        self._record(request, obj, "changed")
        return super().log_change(request, obj, message)  # type: ignore[misc]

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        for one in queryset:
            self._record(request, one, "deleted")
        return super().log_deletions(request, queryset)  # type: ignore[misc]

    def _record(self, request: HttpRequest, account: User | Group, change: str) -> None:
        """With the rights that it has now, or had."""
        record_event(
            AuditEvent.Action.ACCOUNT_CHANGED, request.user, account,
            change=change, **_rights(account),
        )  # fmt: skip


def _rights(account: User | Group) -> dict[str, Any]:
    if isinstance(account, Group):
        return {"permissions": _codenames(account.permissions)}
    return {
        "active": account.is_active,
        "staff": account.is_staff,
        "superuser": account.is_superuser,
        "groups": list(account.groups.order_by("name").values_list("name", flat=True)),
        "permissions": _codenames(account.user_permissions),
    }


def _codenames(permissions: Any) -> list[str]:
    return list(permissions.order_by("codename").values_list("codename", flat=True))


@admin.register(Group)
class AuditedGroupAdmin(AuditedAccounts, GroupAdmin):
    pass


@admin.register(User)
class AuditedUserAdmin(AuditedAccounts, UserAdmin):  # type: ignore[type-arg]
    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> Any:
        response = super().user_change_password(request, id, form_url)
        if request.method == "POST" and isinstance(response, HttpResponse):
            user = self.get_object(request, id)
            if response.status_code == 302 and user is not None:
                record_event(AuditEvent.Action.PASSWORD_CHANGED, request.user, user)
        return response
