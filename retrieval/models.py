"""The identity of the index, the log of searches and clicks, and judgements."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from documents.models import Document

MAX_LOGGED_QUERY = 500


class IndexIdentity(models.Model):
    """Identifies this database, so that a snapshot of another one is never opened for it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    singleton = models.BooleanField(default=True, unique=True, editable=False)

    class Meta:
        verbose_name_plural = "index identities"

    def __str__(self) -> str:
        return str(self.id)


class SearchLog(models.Model):
    """One search: the query and the number of results, without the user."""

    query = models.CharField(max_length=MAX_LOGGED_QUERY)
    day = models.DateField(default=timezone.localdate, db_index=True)
    results = models.PositiveIntegerField()
    took_ms = models.FloatField()

    class Meta:
        verbose_name = "search"
        verbose_name_plural = "searches"

    def __str__(self) -> str:
        return self.query


class RecentSearch(models.Model):
    """A query that a user searched for and that found something, once for each spelling.

    `key` is its folded words. Only its user sees it; others see the query once so many users have
    searched for it that it tells of none (retrieval.suggest).
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="recent_searches"
    )
    query = models.CharField(max_length=MAX_LOGGED_QUERY)
    key = models.CharField(max_length=MAX_LOGGED_QUERY)
    searched_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "recent searches"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="uniq_recent_search_user_key")
        ]
        indexes = [
            models.Index(
                fields=["key"], opclasses=["varchar_pattern_ops"], name="recent_search_beginnings"
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)  # the admin lists it to whoever deletes the user


class Click(models.Model):
    """A result that was opened, and its rank, from 1."""

    query = models.CharField(max_length=MAX_LOGGED_QUERY)
    day = models.DateField(default=timezone.localdate, db_index=True)
    document = models.ForeignKey(Document, models.CASCADE, db_constraint=False)  # see 0002
    position = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.query}: {self.position}"


class Judgement(models.Model):
    """One user's judgement whether a document answers a query."""

    query = models.CharField(max_length=MAX_LOGGED_QUERY)
    document = models.ForeignKey(Document, models.CASCADE, db_constraint=False)  # see 0002
    relevant = models.BooleanField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True)
    created_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "query", "document"], name="uniq_judgement_user_query_document"
            )
        ]

    def __str__(self) -> str:
        return f"{self.query}: {'relevant' if self.relevant else 'not relevant'}"
