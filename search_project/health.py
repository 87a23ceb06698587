"""Health checks: whether this process is alive, and whether the installation can work."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, TimeoutError
from dataclasses import dataclass
from ipaddress import ip_address

import psycopg
import redis
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from documents.ingestion import heartbeat
from documents.messages import Message
from documents.models.permissions import may_view_status
from search_project import warmup

CHECK_SECONDS = 2
# Without one of these nothing works; what else fails leaves a degraded service.
NEEDED = frozenset({"database", "broker", "worker"})


@dataclass(frozen=True)
class Check:
    """`state` is shown to users and contains no address and no password."""

    ok: bool
    state: Message


@require_safe
@never_cache
def alive(request: HttpRequest) -> JsonResponse:
    """200 as long as this process answers."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """200 when searches and uploads can be served, fully ("ok") or in part ("degraded").

    Everybody learns which parts work; the sentences, which name models, are for this machine and
    for staff that may see the status page.
    """
    checks = run_checks()
    failed = {name for name, check in checks.items() if not check.ok}
    status = "unavailable" if failed & NEEDED else "degraded" if failed else "ok"
    told: dict[str, dict[str, object]] = {name: {"ok": check.ok} for name, check in checks.items()}
    if _may_know_more(request):
        told = {name: told[name] | {"state": str(check.state)} for name, check in checks.items()}
    body = {"status": status, "checks": told}
    return JsonResponse(body, status=503 if status == "unavailable" else 200)


def _may_know_more(request: HttpRequest) -> bool:
    return _is_of_this_machine(request) or may_view_status(request.user)


def _is_of_this_machine(request: HttpRequest) -> bool:
    """Whether a program here asks, and not a proxy here for somebody elsewhere."""
    peer = request.META["REMOTE_ADDR"]
    return bool(peer) and ip_address(peer).is_loopback and "X-Forwarded-For" not in request.headers


def run_checks() -> dict[str, Check]:
    """All checks at once, none longer than CHECK_SECONDS."""
    names: dict[str, Callable[[], Check]] = {
        "database": database, "broker": broker, "worker": worker, "models": models,
        "cache": cache, "index": index,
    }  # fmt: skip
    pool = ThreadPoolExecutor(len(names))
    running = {name: pool.submit(check) for name, check in names.items()}
    deadline = time.monotonic() + CHECK_SECONDS
    results: dict[str, Check] = {}
    for name, future in running.items():
        try:
            results[name] = future.result(max(0.0, deadline - time.monotonic()))
        except TimeoutError:
            results[name] = Check(False, Message("no_answer", {"seconds": CHECK_SECONDS}))
    pool.shutdown(wait=False)
    return results


def database() -> Check:
    """Test the database on a new connection: an open one may have outlived its server."""
    try:
        parameters = connection.get_connection_params() | {"connect_timeout": CHECK_SECONDS}
        with psycopg.connect(**parameters) as fresh:
            fresh.execute("SELECT 1 FROM django_migrations LIMIT 1")
    except psycopg.errors.UndefinedTable:
        return Check(False, Message("database_empty"))
    except psycopg.Error:
        return Check(False, Message("database_down"))
    return Check(True, Message("database_up"))


def broker() -> Check:
    if server_answers(settings.REDIS_URL):
        return Check(True, Message("broker_up"))
    return Check(False, Message("broker_down"))


def cache() -> Check:
    """The result cache. Without it searches work, but each further page searches again."""
    if not settings.CACHE_URL:
        return Check(True, Message("cache_per_process"))
    if server_answers(settings.CACHE_URL):
        return Check(True, Message("cache_up"))
    return Check(False, Message("cache_down"))


def server_answers(url: str) -> bool:
    """Whether the Redis or Valkey at this address answers, on a new connection."""
    client = redis.Redis.from_url(
        url, socket_connect_timeout=CHECK_SECONDS, socket_timeout=CHECK_SECONDS
    )
    try:
        with client:
            return bool(client.ping())
    except (redis.RedisError, OSError):
        return False


def worker() -> Check:
    try:
        seconds = heartbeat.seconds_since_last_beat()
    except (redis.RedisError, OSError):
        return Check(False, Message("not_known"))
    if seconds is None:
        return Check(False, Message("worker_never_seen"))
    if heartbeat.is_silent(seconds):
        return Check(False, Message("worker_silent", {"seconds": int(seconds)}))
    return Check(True, Message("worker_seen", {"seconds": int(seconds)}))


def models() -> Check:
    """The last reports on models by web server and worker."""
    try:
        states = warmup.states | warmup.reported_states()
    except (redis.RedisError, OSError):
        return Check(False, Message("not_known"))
    if not states:
        return Check(False, Message("models_not_loaded"))
    missing = [state for ok, state in states.values() if not ok]
    if missing:
        return Check(False, missing[0])
    # The web server also names the reranker.
    _, state = states.get("models:web") or states["models:worker"]
    return Check(True, state)


def index() -> Check:
    """The lexical index of this process: the one that the searches it answers use."""
    from retrieval.live_index import index_state

    return Check(*index_state())
