"""The steps of a start: tables, static files, the first administrator, the samples."""

import hashlib
import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.contrib.staticfiles.finders import get_finders
from django.core.exceptions import ValidationError
from django.core.management import call_command

from documents.ingestion import heartbeat
from search_project.errors import StartError
from search_project.supervisor.changed_settings import changed_settings


def bootstrap(static: bool = True) -> str:
    """Bring the installation up to date; returns a line on the login if it is new.

    The administrator comes last: until there is one, the next start counts as the first.
    """
    call_command("migrate", verbosity=0)
    record_changed_settings()
    if static:
        collect_static(settings.STATE.folder("run") / "static.hash")
    heartbeat.forget_worker()
    add_default_collection()
    if get_user_model().objects.filter(is_superuser=True).exists():
        return ""
    check_admin_password()
    if settings.LOAD_SAMPLES:
        from documents.library import add_samples

        add_samples()
    return first_admin()


def record_changed_settings() -> None:
    """There is no page that changes settings: a start is when they do."""
    from documents.auth import record_event
    from documents.models import AuditEvent

    changed: dict[str, Any] = dict(changed_settings(settings.STATE))
    if changed:
        record_event(AuditEvent.Action.SETTING_CHANGED, None, **changed)


def add_default_collection() -> None:
    """Internal, so that what is uploaded without further thought is not public."""
    from documents.models import Collection

    Collection.objects.default()


def check_admin_password() -> None:
    """Raises StartError where ADMIN_PASSWORD is not as good as everybody's has to be."""
    if not settings.ADMIN_PASSWORD:
        return
    try:
        validate_password(
            settings.ADMIN_PASSWORD, get_user_model()(username=settings.ADMIN_USERNAME)
        )
    except ValidationError as error:
        raise StartError(
            f"ADMIN_PASSWORD is too weak. {' '.join(error.messages)} Choose another, or leave it "
            "empty for a random one."
        ) from error


def first_admin() -> str:
    name = settings.ADMIN_USERNAME
    password = settings.ADMIN_PASSWORD or secrets.token_urlsafe(12)
    get_user_model().objects.create_superuser(name, password=password)
    if settings.ADMIN_PASSWORD:
        return f"Sign in as {name} with the password from ADMIN_PASSWORD."
    return f"Sign in as {name} with the password {password} (shown this once, so keep it)."


def collect_static(kept: Path) -> None:
    """Collect static files if one has changed, as it takes seconds."""
    digest = static_digest()
    made = settings.STATIC_ROOT / "staticfiles.json"
    if made.exists() and kept.exists() and kept.read_text(encoding="utf-8") == digest:
        return
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    kept.write_text(digest, encoding="utf-8")


def static_digest() -> str:
    """A hash of the name, size and time of every static file of the apps."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in sorted(finder.list([]), key=lambda found: found[0]):
            facts = Path(storage.path(path)).stat()
            digest.update(f"{path}\0{facts.st_size}\0{facts.st_mtime_ns}\0".encode())
    return digest.hexdigest()
