"""What programs sign in with, and the callers that they then are."""

from typing import Any, NoReturn, Self

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class TokenScope(models.TextChoices):
    """What a token opens of that which its user may do; each scope includes those before it."""

    SEARCH = "search", _("Search: results and suggestions only")
    READ = "read", _("Read: documents and originals too")
    WRITE = "write", _("Write: upload, change, delete too")
    ADMIN = "admin", _("Everything that you may do")

    def includes(self, needed: "TokenScope") -> bool:
        order = list(TokenScope)
        return order.index(needed) <= order.index(self)


class ApiToken(models.Model):
    """A bearer token: only its digest is kept, so it can be shown once and never again.

    Without `all_collections` it is for those in `collections` alone: for none, once these have
    been deleted. Without `expires_at` it does not expire.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=100, blank=True)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    prefix = models.CharField(max_length=8, editable=False)
    scope = models.CharField(max_length=10, choices=TokenScope.choices)
    all_collections = models.BooleanField(default=True)
    collections = models.ManyToManyField("documents.Collection", blank=True, related_name="+")
    expires_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.name or 'token'} ({self.prefix}…)"

    @property
    def is_expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()

    def opens(self, needed: TokenScope) -> bool:
        return TokenScope(self.scope).includes(needed)


class TokenUser(User):
    """The caller of a request that a token signed in: its user within the limits of the token.

    `documents.models.permissions` keeps it to the token's collections. The rights of staff count
    with the scope admin only; as they are taken away here, a caller is never saved.
    """

    token: ApiToken

    class Meta:
        proxy = True
        default_permissions = ()

    @classmethod
    def of(cls, token: ApiToken) -> Self:
        names = [field.attname for field in cls._meta.concrete_fields]
        values = [getattr(token.user, name) for name in names]
        caller = cls.from_db(token._state.db, names, values)
        caller.token = token
        if not token.opens(TokenScope.ADMIN):
            caller.is_staff = caller.is_superuser = False
        return caller

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return self.token.opens(TokenScope.ADMIN) and super().has_perm(perm, obj)

    def has_module_perms(self, app_label: str) -> bool:
        return self.token.opens(TokenScope.ADMIN) and super().has_module_perms(app_label)

    def save(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("The caller of a request is not its user's row; save that instead.")
