"""Each user's own recent searches: kept for suggestions, deleted by the user or by age."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.models import User
from django.utils import timezone

from documents.models.permissions import Caller
from retrieval.analysis import folded_words
from retrieval.feedback.log import never_failing, without_waiting
from retrieval.models import MAX_LOGGED_QUERY, RecentSearch

if TYPE_CHECKING:  # as in retrieval.feedback.log
    from retrieval.search import SearchResponse

MOST_KEPT = 100  # of a user


def keep_search(user: Caller, page: "SearchResponse") -> None:
    """Keep what a signed-in user has searched for and found something with, as it was found: a
    query that was corrected as corrected. Of anybody else nothing is kept."""
    query = (page.suggestion or "") if page.corrected else page.query
    query = " ".join(query.replace("\0", " ").split())
    key = folded_words(query)
    if not settings.SEARCH_HISTORY_DAYS or not isinstance(user, User):
        return
    if page.page != 1 or not page.total or not key or len(query) > MAX_LOGGED_QUERY:
        return
    with never_failing(), without_waiting():
        mine = RecentSearch.objects.filter(user_id=user.pk)
        mine.update_or_create(
            user_id=user.pk,
            key=key[:MAX_LOGGED_QUERY],
            defaults={"query": query, "searched_at": timezone.now()},
        )
        older = mine.order_by("-searched_at", "-pk").values("pk")[MOST_KEPT:]
        mine.filter(pk__in=older).delete()


def count_searches(user: User) -> int:
    return RecentSearch.objects.filter(user=user).count()


def clear_searches(user: User) -> int:
    """Delete all recent searches of a user; returns how many there were."""
    return RecentSearch.objects.filter(user=user).delete()[0]


def delete_old_searches() -> int:
    """Delete recent searches older than SEARCH_HISTORY_DAYS. Returns how many."""
    first_kept = timezone.now() - timedelta(days=settings.SEARCH_HISTORY_DAYS)
    return RecentSearch.objects.filter(searched_at__lt=first_kept).delete()[0]
