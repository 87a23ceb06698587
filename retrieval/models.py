"""The identity of the index, the log of searches and clicks, judgements, synonyms and pins."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from documents.models import Collection, Document

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
    document = models.ForeignKey(Document, models.CASCADE, db_constraint=False)  # see the migration
    position = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.query}: {self.position}"


class Judgement(models.Model):
    """One user's judgement whether a document answers a query."""

    query = models.CharField(max_length=MAX_LOGGED_QUERY)
    document = models.ForeignKey(Document, models.CASCADE, db_constraint=False)  # see the migration
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


class SynonymList(models.Model):
    """The synonyms of a collection or, without one, of the installation: one rule a line.

    `version` is another one after every change, and never comes again. `previous` are the rules
    before the last change, to take it back.
    """

    collection = models.OneToOneField(
        Collection, models.CASCADE, null=True, blank=True, related_name="synonyms"
    )
    rules = models.TextField()
    previous = models.TextField(blank=True)
    version = models.UUIDField(default=uuid.uuid4, editable=False, db_index=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["collection"], nulls_distinct=False, name="uniq_synonyms_of_collection"
            )
        ]

    def __str__(self) -> str:
        return str(self.collection or "")


class Pin(models.Model):
    """A document that an editor puts first for a query. `query` is in the form in which queries
    are compared, `typed` as the editor gave it; pins of one query come in order of `position`."""

    place: int  # of those that `retrieval.curation` reads: among those of a query, from 1

    query = models.CharField(max_length=MAX_LOGGED_QUERY)
    typed = models.CharField(max_length=MAX_LOGGED_QUERY)
    document = models.ForeignKey(
        Document,
        models.CASCADE,
        related_name="pins",
        db_constraint=False,  # see the migration
    )
    position = models.PositiveIntegerField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["query", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["query", "document"], name="uniq_pin_query_document")
        ]

    def __str__(self) -> str:
        return self.typed
