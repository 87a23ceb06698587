"""A start tells the audit log which settings differ from those of the last one."""

import stat
from pathlib import Path
from typing import Any

import pytest

from documents.models import AuditEvent
from search_project import env
from search_project.data_dir import InstallationState
from search_project.supervisor import bootstrap
from search_project.supervisor.changed_settings import changed_settings


@pytest.fixture
def state(tmp_path: Path) -> InstallationState:
    return InstallationState(tmp_path)


def test_what_changed_is_named_with_both_values_once(
    state: InstallationState, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert changed_settings(state) == {}  # the first start
    monkeypatch.setenv("HTTPS", "on")
    monkeypatch.setenv("ALLOWED_HOSTS", "search.example.org")
    wanted = {"ALLOWED_HOSTS": "none → search.example.org", "HTTPS": "off → on"}
    assert changed_settings(state) == wanted
    assert changed_settings(state) == {}
    monkeypatch.delenv("HTTPS")
    assert changed_settings(state) == {"HTTPS": "on → off"}


@pytest.mark.parametrize("name", ["SECRET_KEY", "ADMIN_PASSWORD", "DATABASE_URL", "REDIS_URL"])
def test_a_secret_is_told_to_have_changed_and_not_to_what(
    state: InstallationState, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    changed_settings(state)
    monkeypatch.setenv(name, "postgres://user:first-secret@db/x")
    assert changed_settings(state) == {name: "none → hidden"}
    monkeypatch.setenv(name, "postgres://user:second-secret@db/x")
    assert changed_settings(state) == {name: "hidden → hidden"}
    kept = state.var / "run" / "settings.json"
    assert "secret@" not in kept.read_text()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_a_setting_that_a_release_brings_has_not_changed(
    state: InstallationState, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed_settings(state)
    monkeypatch.setattr(env, "NAMES", env.NAMES | {"BRAND_NEW": "on"})
    assert changed_settings(state) == {}


def test_a_damaged_note_is_written_anew(state: InstallationState) -> None:
    changed_settings(state)
    (state.var / "run" / "settings.json").write_text("{")
    assert changed_settings(state) == {}
    assert changed_settings(state) == {}


@pytest.mark.django_db
def test_a_start_records_it(
    state: InstallationState, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.STATE = state
    bootstrap.record_changed_settings()
    assert not AuditEvent.objects.exists()
    monkeypatch.setenv("AUDIT_LOG_DAYS", "7")
    bootstrap.record_changed_settings()
    event = AuditEvent.objects.get()
    assert (event.action, event.actor_name) == ("setting_changed", "")
    assert event.details == {"AUDIT_LOG_DAYS": "365 → 7"}
