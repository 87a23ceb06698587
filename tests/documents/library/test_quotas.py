"""Quotas of users and of the disk: what goes over is refused, and leaves nothing behind."""

import io
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from documents.errors import QueueQuotaExceeded, QuotaExceeded, StorageFull
from documents.library import uploads
from documents.models import Collection, Document, TokenScope
from tests.api import caller, make_user

MEGABYTE = 1024 * 1024
Take = Callable[..., uploads.UploadResult]


@pytest.fixture
def ada(collection: Collection) -> User:
    return make_user("ada")


@pytest.fixture
def take(collection: Collection, ada: User) -> Take:
    def take(data: bytes, user: User | None = ada, **options: Any) -> uploads.UploadResult:
        file = io.BytesIO(data)
        return uploads.add_file(collection, file, "a.txt", user=user, enqueue=False, **options)

    return take


def kept(settings: Any) -> int:
    return sum(path.is_file() for path in settings.ORIGINALS_DIR.rglob("*"))


def test_a_user_keeps_so_many_documents(take: Take, settings: Any) -> None:
    settings.USER_QUOTA_DOCUMENTS = 2
    take(b"one")
    take(b"two")
    with pytest.raises(QuotaExceeded, match=r"more documents than one user may \(2\)"):
        take(b"three")
    assert Document.objects.count() == kept(settings) == 2
    assert not take(b"two").created  # known already, so nothing more is kept
    assert take(b"three", make_user("bob")).created
    assert take(b"four", None).created  # of the installation itself


def test_a_user_keeps_so_many_megabytes(take: Take, settings: Any) -> None:
    settings.USER_QUOTA_MB = 1
    take(b"a" * (MEGABYTE - 1), external_id="page")
    with pytest.raises(QuotaExceeded, match=r"more than one user may \(1 MB\)"):
        take(b"bc")
    take(b"d")
    with pytest.raises(QuotaExceeded):  # other bytes under a known id count as they are then
        take(b"e" * MEGABYTE, external_id="page")
    assert Document.objects.get(external_id="page").size == MEGABYTE - 1
    assert kept(settings) == 2


def test_a_user_has_so_many_documents_waiting(take: Take, settings: Any) -> None:
    settings.USER_QUOTA_QUEUED = 1
    take(b"one")
    with pytest.raises(QueueQuotaExceeded, match=r"Too many of your documents wait .* \(1\)"):
        take(b"two")
    Document.objects.update(state="failed")
    take(b"two")


def test_administrators_have_no_quota_whatever_token_they_use(
    take: Take, settings: Any, collection: Collection
) -> None:
    settings.USER_QUOTA_DOCUMENTS = 1
    root = User.objects.create_superuser("root")
    curator = make_user("curator")
    curator.user_permissions.add(Permission.objects.get(codename="exceed_quotas"))
    for user in (root, curator):
        for n in range(2):
            assert take(f"{user} {n}".encode(), user).created
    client = caller(root, scope=TokenScope.WRITE)
    body = {"title": "A", "text": "b", "collection": collection.slug}
    Collection.objects.update(visibility="internal")
    assert client.post("/api/v1/documents", body, format="json").status_code == 202


def test_without_limits_nothing_is_counted(
    take: Take, settings: Any, django_assert_max_num_queries: Any
) -> None:
    settings.USER_QUOTA_MB = settings.USER_QUOTA_DOCUMENTS = settings.USER_QUOTA_QUEUED = 0
    with django_assert_max_num_queries(30) as seen:
        take(b"one")
    assert not any("SUM(" in query["sql"] for query in seen.captured_queries)


@pytest.mark.django_db(transaction=True)
def test_uploads_at_the_same_moment_do_not_go_over(take: Take, settings: Any) -> None:
    settings.USER_QUOTA_DOCUMENTS = 3

    def send(n: int) -> bool:
        try:
            return take(f"text {n}".encode()).created
        except QuotaExceeded:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(send, range(8))) == 3
    assert Document.objects.count() == kept(settings) == 3


@pytest.mark.parametrize(
    ("limit", "status"),
    [("USER_QUOTA_MB", 507), ("USER_QUOTA_DOCUMENTS", 507), ("USER_QUOTA_QUEUED", 429)],
)
def test_the_api_says_which_limit_it_is(
    limit: str, status: int, ada: User, collection: Collection, settings: Any
) -> None:
    setattr(settings, limit, 1)
    client = caller(ada)

    def send(text: str) -> Any:
        body = {"title": "A", "text": text, "collection": collection.slug}
        return client.post("/api/v1/documents", body, format="json")

    assert send("one " * (MEGABYTE // 6)).status_code == 202
    refused = send("two " * (MEGABYTE // 6))
    assert refused.status_code == status
    assert limit in refused.json()["detail"]
    assert refused.get("Retry-After") == ("60" if status == 429 else None)
    assert Document.objects.count() == 1


def test_pages_and_admin_say_it_too(ada: User, collection: Collection, settings: Any) -> None:
    settings.USER_QUOTA_DOCUMENTS = 1
    files = [SimpleUploadedFile(name, name.encode()) for name in ("a.txt", "b.txt")]
    page = Client()
    page.force_login(ada)
    answer = page.post("/upload/", {"collection": collection.slug, "files": files})
    assert "You would keep more documents than one user may (1)" in answer.content.decode()
    User.objects.filter(pk=ada.pk).update(is_staff=True)
    ada.user_permissions.add(Permission.objects.get(codename="add_document"))
    ada.user_permissions.add(Permission.objects.get(codename="view_document"))
    sent = {"collection": collection.pk, "uploads": [SimpleUploadedFile("c.txt", b"c")]}
    answer = page.post("/admin/documents/document/upload/", sent, follow=True)
    assert (
        "Rejected: c.txt. You would keep more documents than one user may (1)"
        in answer.content.decode()
    )
    assert Document.objects.count() == 1


def test_what_waits_too_long_can_be_sent_again_from_the_page(
    ada: User, collection: Collection, settings: Any
) -> None:
    settings.USER_QUOTA_QUEUED = 1
    page = Client()
    page.force_login(ada)
    files = [SimpleUploadedFile(name, name.encode()) for name in ("a.txt", "b.txt")]
    sent = {"collection": collection.slug, "files": files}
    answer = page.post("/upload/", sent, headers={"Accept": "application/json"}).json()
    assert [file["again"] for file in answer["files"]] == [False, True]


def test_an_upload_leaves_the_reserve_of_the_disk_free(
    take: Take, ada: User, collection: Collection, settings: Any
) -> None:
    settings.DISK_RESERVE_MB = 10**9
    with pytest.raises(StorageFull, match="lower DISK_RESERVE_MB"):
        take(b"one")
    body = {"title": "A", "text": "b", "collection": collection.slug}
    answer = caller(ada).post("/api/v1/documents", body, format="json")
    assert answer.status_code == 507 and "DISK_RESERVE_MB" in answer.json()["detail"]
    assert not Document.objects.exists()
    assert kept(settings) == 0


def test_a_long_body_is_refused_before_it_is_read_where_the_disk_has_no_room(
    ada: User, collection: Collection, settings: Any
) -> None:
    free = shutil.disk_usage(settings.ORIGINALS_DIR.parent).free // MEGABYTE
    settings.DISK_RESERVE_MB = free - 40
    settings.MAX_UPLOAD_MB = 200
    client = caller(ada)
    answer = client.post("/api/v1/documents", CONTENT_LENGTH=str(100 * MEGABYTE))
    assert answer.status_code == 507 and "free space" in answer.json()["detail"]
    page = Client()
    page.force_login(ada)
    options: Any = {"CONTENT_LENGTH": str(100 * MEGABYTE)}
    told = page.post("/upload/", headers={"Accept": "application/json"}, **options)
    assert told.status_code == 507 and "free space" in told.json()["error"]
    shown = page.post("/upload/", **options)
    assert shown.status_code == 507 and "The upload was rejected" in shown.content.decode()
