"""Accounts in the admin: second factors to take away from who lost theirs, and changes logged."""

from collections.abc import Iterable
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
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse

from documents.auth import record_event
from documents.models import AuditEvent

# There is no mail, and a session ends with its row and not with what is listed of it.
admin.site.unregister([Authenticator, EmailAddress, Group, User, UserSession])

Action = AuditEvent.Action
RIGHTS = ("is_staff", "is_superuser", "groups", "user_permissions")


def _is_superuser(request: HttpRequest) -> bool:
    return bool(request.user.is_active and request.user.is_superuser)


def _may_touch(request: HttpRequest, account: User | None) -> bool:
    """Whether the account has no more rights than everybody, or the caller has them all."""
    has_rights = account is not None and (account.is_staff or account.is_superuser)
    return _is_superuser(request) or not has_rights


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

    def has_delete_permission(self, request: HttpRequest, obj: Authenticator | None = None) -> bool:
        account = obj.user if obj is not None else None
        return super().has_delete_permission(request, obj) and _may_touch(request, account)

    def delete_model(self, request: HttpRequest, obj: Authenticator) -> None:
        record_event(
            Action.SECOND_FACTOR_CHANGED, request.user, obj.user,
            change="removed", type=obj.type,
        )  # fmt: skip
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Authenticator]) -> None:
        for one in queryset.select_related("user"):
            self.delete_model(request, one)


class AuditedChanges:
    """Writes what an admin page makes, changes and deletes of a model to the audit log."""

    watched: tuple[str, ...]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)  # type: ignore[misc]
        given = form.cleaned_data
        changed: dict[str, Any] = {
            name: [_plain(form.initial.get(name)), _plain(given[name])]
            for name in self.watched
            if name in form.changed_data and name in given
        }
        if changed:
            done = "changed" if change else "made"
            record_event(
                Action.ACCOUNT_CHANGED, request.user, form.instance, change=done, **changed
            )

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        record_event(Action.ACCOUNT_CHANGED, request.user, obj, change="deleted")
        super().delete_model(request, obj)  # type: ignore[misc]

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Model]) -> None:
        for one in queryset:
            self.delete_model(request, one)


def _plain(value: Any) -> Any:
    """As JSON has it: of related rows, their names."""
    if isinstance(value, Iterable) and not isinstance(value, str):
        return sorted(str(one) for one in value)
    return value


@admin.register(Group)
class AuditedGroupAdmin(AuditedChanges, GroupAdmin):
    watched = ("name", "permissions")


@admin.register(User)
class AuditedUserAdmin(AuditedChanges, UserAdmin):  # type: ignore[type-arg]
    """Who may reset passwords must not become whoever has more rights: only superusers change the
    accounts of staff, or give rights."""

    watched = ("username", "is_active", *RIGHTS)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        fields = super().get_readonly_fields(request, obj)
        return fields if _is_superuser(request) else (*fields, *RIGHTS)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_change_permission(request, obj) and _may_touch(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_delete_permission(request, obj) and _may_touch(request, obj)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> Any:
        response = super().user_change_password(request, id, form_url)
        if request.method == "POST" and isinstance(response, HttpResponse):
            user = self.get_object(request, id)
            if response.status_code == 302 and user is not None:
                record_event(Action.PASSWORD_CHANGED, request.user, user)
        return response
