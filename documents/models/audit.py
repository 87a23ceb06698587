"""The audit log: who did what that concerns access, when and from where."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditEvent(models.Model):
    """One act that concerns access or loss. Rows are only ever added; retention deletes old ones.

    `actor_name` and `target_name` stay when the user or the thing is deleted. `details` holds what
    the action needs to be understood: old and new values, counts, reasons.
    """

    class Action(models.TextChoices):
        SIGN_IN = "sign_in", _("Signed in")
        SIGN_IN_FAILED = "sign_in_failed", _("Failed to sign in")
        SIGN_OUT = "sign_out", _("Signed out")
        PASSWORD_CHANGED = "password_changed", _("Changed the password")
        SECOND_FACTOR_CHANGED = "second_factor_changed", _("Changed the second factor")
        ACCOUNT_CHANGED = "account_changed", _("Changed an account or a group")
        SESSION_ENDED = "session_ended", _("Ended a session")
        TOKEN_CREATED = "token_created", _("Created a token")
        TOKEN_REVOKED = "token_revoked", _("Revoked a token")
        COLLECTION_CREATED = "collection_created", _("Created a collection")
        COLLECTION_CHANGED = "collection_changed", _("Changed a collection")
        COLLECTION_DELETED = "collection_deleted", _("Deleted a collection")
        MEMBER_CHANGED = "member_changed", _("Changed the members of a collection")
        VISIBILITY_CHANGED = "visibility_changed", _("Changed who may see a collection")
        DOCUMENT_MOVED = "document_moved", _("Moved a document")
        DOCUMENT_DELETED = "document_deleted", _("Moved a document to the trash")
        DOCUMENT_RESTORED = "document_restored", _("Restored a document")
        DOCUMENT_PURGED = "document_purged", _("Deleted a document for good")
        ORIGINAL_DOWNLOADED = "original_downloaded", _("Downloaded a restricted original")
        SYNONYMS_CHANGED = "synonyms_changed", _("Changed synonyms")
        RESULT_PINNED = "result_pinned", _("Pinned a result")
        RESULT_UNPINNED = "result_unpinned", _("Unpinned a result")
        SETTING_CHANGED = "setting_changed", _("Changed a setting")

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    action = models.CharField(max_length=30, choices=Action.choices, db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    actor_name = models.CharField(max_length=150, blank=True)
    address = models.GenericIPAddressField(null=True, blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    target_type = models.CharField(max_length=50, blank=True)
    target_id = models.CharField(max_length=64, blank=True)
    target_name = models.CharField(max_length=500, blank=True)
    details = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.get_action_display()}: {self.target_name or self.actor_name}"
