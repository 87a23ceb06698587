"""The status page: access, and numbers as in the database."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from documents.ingestion import stats
from documents.models import Collection, Document
from frontend.status.charts import HEIGHT, plot
from retrieval.models import SearchLog
from tests.frontend.conftest import Written


@pytest.fixture
def as_staff(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("root"))
    return client


def test_it_is_for_staff_alone(anyone: Client, as_ada: Client, as_staff: Client) -> None:
    assert anyone.get("/status/").headers["Location"] == "/account/login/?next=/status/"
    assert as_ada.get("/status/").status_code == 403
    assert b"/status/" not in as_ada.get("/documents/").content
    assert b'href="/status/"' in as_staff.get("/documents/").content


def test_its_numbers_are_those_of_the_database(
    as_staff: Client, collection: Collection, written: Written
) -> None:
    now = timezone.now()
    written("Tides", collection, "Moon.", indexed_at=now)
    written("Waves", collection, "Wind.", indexed_at=now - timedelta(days=3))
    written("Torn", collection, state="failed", error_code="empty_file")
    for took in (12, 812.4, 40):
        SearchLog.objects.create(query="spring tide", results=1, took_ms=took)
    SearchLog.objects.create(
        query="last month", results=1, took_ms=9999, day=timezone.localdate() - timedelta(days=30)
    )
    answer = as_staff.get("/status/")
    assert dict(answer.context["states"]) == {
        "queued": 0, "extracting": 0, "embedding": 0, "indexed": 2, "failed": 1,
    }  # fmt: skip
    assert [one.total for one in answer.context["plots"]] == [1, 1]
    by_day = as_staff.get("/status/?by=day").context["plots"]
    assert [one.total for one in by_day] == [2, 1]
    page = answer.content.decode()
    assert "812 ms" in page and "288 ms" in page and "last month" not in page
    assert "style=" not in page and "<script>" not in page


def test_htmx_gets_what_changes_and_goes_on_unless_told_to_hold_still(as_staff: Client) -> None:
    part = as_staff.get("/status/?by=day", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part and 'hx-get="/status/?by=day" hx-trigger="every 10s"' in part
    assert b"every 10s" not in as_staff.get("/status/?live=off").content


def test_the_icon_is_where_browsers_look_for_it(anyone: Client) -> None:
    assert anyone.get("/favicon.ico")["Location"] == "/static/frontend/icon.svg"


def test_a_broker_that_is_away_is_said_in_words(
    as_staff: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from redis import ConnectionError as Away

    def away() -> int:
        raise Away

    monkeypatch.setattr("frontend.status.charts.queue_length", away)
    assert b"not known" in as_staff.get("/status/").content


@pytest.mark.django_db
def test_hours_have_borders(collection: Collection, written: Written) -> None:
    now = datetime(2026, 5, 3, 10, 20, tzinfo=UTC)
    for at in ("2026-05-03T10:00", "2026-05-03T09:59", "2026-05-02T11:00", "2026-05-02T10:59"):
        written(at, collection, "x", indexed_at=datetime.fromisoformat(f"{at}+00:00"))
    written("Torn", collection, state="failed")
    Document.objects.filter(title="Torn").update(updated_at=now)
    hours = stats.finished_by_hour(now)
    assert len(hours) == 24
    assert [(h.at.hour, h.indexed, h.failed) for h in hours if h.indexed or h.failed] == [
        (11, 1, 0), (9, 1, 0), (10, 1, 1),
    ]  # fmt: skip
    days = stats.finished_by_day(now)
    assert len(days) == 30 and [d.indexed for d in days[-2:]] == [2, 2]


def test_bars_stand_on_the_ground_and_the_tallest_fills_the_plot() -> None:
    made = plot("indexed", "Indexed", ["a", "b", "c"], [0, 1, 1000])
    assert [bar.height for bar in made.bars] == [0, 3, HEIGHT]
    assert all(bar.y + bar.height == HEIGHT for bar in made.bars)
    assert (made.most, made.total, made.first, made.last) == (1000, 1001, "a", "c")
    assert plot("failed", "Failed", ["a"], [0]).most == 0
