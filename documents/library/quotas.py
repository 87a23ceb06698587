"""What one user may keep and have waiting: counted in the database, checked as an upload is stored.

The administrators, who set the limits, have none.
"""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Count, Q, Sum

from documents.errors import QueueQuotaExceeded, QuotaExceeded
from documents.models import Document

MEGABYTE = 1024 * 1024
FINAL = (Document.State.INDEXED, Document.State.FAILED)
EXEMPTION = "documents.exceed_quotas"


@dataclass(frozen=True)
class QuotaUse:
    """What a user keeps: bytes of originals, documents, and those of them not yet indexed."""

    size: int
    documents: int
    queued: int


def quota_use(user: User) -> QuotaUse:
    own = Document.objects.filter(uploaded_by=user.pk).order_by()
    kept = own.aggregate(size=Sum("size", default=0), documents=Count("*"))
    return QuotaUse(queued=own.filter(~Q(state__in=FINAL)).count(), **kept)


def is_exempt(user: User) -> bool:
    return user.has_perm(EXEMPTION)


def check_quotas(user_id: int) -> None:
    """Call it in the transaction that has just stored a document of this user, before it commits.

    The user's row is locked first, so that of several uploads at once each counts those before it,
    and none goes over. Raises QuotaExceeded.
    """
    if not (settings.USER_QUOTA_MB or settings.USER_QUOTA_DOCUMENTS or settings.USER_QUOTA_QUEUED):
        return
    user = User.objects.select_for_update(no_key=True).get(pk=user_id)
    if is_exempt(user):
        return
    use = quota_use(user)
    if _over(use.queued, settings.USER_QUOTA_QUEUED):
        raise QueueQuotaExceeded("quota_queued", most=settings.USER_QUOTA_QUEUED)
    if _over(use.documents, settings.USER_QUOTA_DOCUMENTS):
        raise QuotaExceeded("quota_documents", most=settings.USER_QUOTA_DOCUMENTS)
    if _over(use.size, settings.USER_QUOTA_MB * MEGABYTE):
        raise QuotaExceeded("quota_bytes", most=settings.USER_QUOTA_MB)


def _over(used: int, limit: int) -> bool:
    return bool(limit) and used > limit
