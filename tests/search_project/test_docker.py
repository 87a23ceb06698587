"""The compose file and the image's recipe, read; the entry point's commands, run for real."""

import contextlib
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
from ipaddress import ip_address, ip_network
from pathlib import Path

import psycopg
import pytest
import yaml

from search_project.data_dir import BASE_DIR, free_port, installation
from search_project.servers import broker, cache, postgres
from tests.live import wait_for_text

DOCKER = BASE_DIR / "docker"
COMMANDS = {"web", "worker", "beat", "migrate"}


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load((DOCKER / "compose.yaml").read_text())


def test_services_are_the_product_its_three_servers_and_a_proxy(compose):
    services = compose["services"]
    assert set(services) == COMMANDS | {"postgres", "valkey", "cache", "proxy"}
    assert services["postgres"]["image"].startswith("pgvector/pgvector:pg")
    assert {name for name in COMMANDS if services[name]["command"] == [name]} == COMMANDS
    for name in ("postgres", "valkey", "cache", "web"):
        assert services[name]["healthcheck"]["test"]


def test_nothing_starts_before_what_it_needs(compose):
    services = compose["services"]
    assert services["migrate"]["depends_on"] == {
        "postgres": {"condition": "service_healthy"},
        "valkey": {"condition": "service_healthy"},
    }
    migrated = {"migrate": {"condition": "service_completed_successfully"}}
    for name in ("worker", "beat"):
        assert services[name]["depends_on"] == migrated
    assert services["web"]["depends_on"] == migrated | {"cache": {"condition": "service_healthy"}}


def test_the_queue_keeps_everything_and_the_cache_makes_room(compose):
    queue, cache = (compose["services"][name]["command"][2] for name in ("valkey", "cache"))
    assert "--appendfsync always --maxmemory-policy noeviction" in queue
    assert re.search(r'--save "" --appendonly no --maxmemory \d+mb .*-policy allkeys-lru', cache)
    assert "volumes" not in compose["services"]["cache"]


def test_every_password_is_a_secret_file_that_the_script_makes(compose, tmp_path):
    copy = tmp_path / "make-secrets.sh"
    copy.write_text((DOCKER / "make-secrets.sh").read_text())
    for _ in range(2):
        subprocess.run(["sh", str(copy)], check=True)
    made = {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()}
    assert {f"secrets/{name}" for name in made} == {
        secret["file"] for secret in compose["secrets"].values()
    }
    assert made["postgres_password"] in made["database_url"]
    assert made["valkey_password"] in made["redis_url"]
    assert made["cache_password"] in made["cache_url"] != made["redis_url"]
    for service in compose["services"].values():
        for key, value in service.get("environment", {}).items():
            assert key.endswith("_FILE") == str(value).startswith("/run/secrets/"), key
            if key.endswith("_FILE"):
                assert value.removeprefix("/run/secrets/") in service["secrets"]


def test_clients_reach_the_proxy_alone_which_the_web_server_trusts(compose):
    services = compose["services"]
    assert [name for name, service in services.items() if "ports" in service] == ["proxy"]
    assert services["proxy"]["depends_on"] == {"web": {"condition": "service_healthy"}}
    assert "reverse_proxy web:8000" in (DOCKER / "Caddyfile").read_text()
    trusted = services["web"]["environment"]["TRUSTED_PROXIES"].split(",")
    assert any(ip_address("172.18.0.9") in ip_network(network) for network in trusted)


def test_every_volume_and_secret_that_is_used_is_declared(compose):
    for service in compose["services"].values():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert (DOCKER / source).is_file() or source in compose["volumes"]
        for secret in service.get("secrets", []):
            assert secret in compose["secrets"]


def test_the_image_has_tesseract_no_root_and_every_source_folder():
    recipe = (DOCKER / "Dockerfile").read_text()
    assert "tesseract-ocr" in recipe
    assert re.findall(r"^USER (\w+)$", recipe, re.M) == ["lantern"]
    for app in ("search_project", "documents", "retrieval", "frontend"):
        assert f"COPY {app} {app}\n" in recipe
    for copied in re.findall(r"^COPY (.+) \S+$", recipe, re.M):
        assert all((BASE_DIR / name).exists() for name in copied.split())
    entry = re.search(r'^ENTRYPOINT \["sh", "/app/(.+)"\]$', recipe, re.M)
    assert entry and (BASE_DIR / entry[1]).exists()


@pytest.fixture(scope="module")
def container(servers):
    """The environment of a container: a fresh database, addresses and passwords from files."""
    state = installation()
    with psycopg.connect(postgres.database_url(state), autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS container WITH (FORCE)")
        connection.execute("CREATE DATABASE container")
    with tempfile.TemporaryDirectory(prefix="lantern-") as folder:
        secrets = {
            "DATABASE_URL": postgres.database_url(state).rpartition("/")[0] + "/container",
            "REDIS_URL": broker.broker_url(state).rpartition("/")[0] + "/2",
            "CACHE_URL": cache.cache_url(state).rpartition("/")[0] + "/2",
            "ADMIN_PASSWORD": "from-a-file-7391",
        }
        env = os.environ | {
            "VAR_DIR": f"{folder}/var", "LOAD_SAMPLES": "off", "PORT": str(free_port()),
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        }  # fmt: skip
        for name, value in secrets.items():
            (Path(folder) / name).write_text(value)
            env[f"{name}_FILE"] = f"{folder}/{name}"
        yield env


def run(container, *command):
    return subprocess.run(
        ["sh", str(DOCKER / "entrypoint.sh"), *command], env=container, cwd="/",
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


@contextlib.contextmanager
def running(container, command):
    """The command as a process; yields the file that it writes to."""
    log = Path(container["VAR_DIR"]).parent / f"{command}.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            ["sh", str(DOCKER / "entrypoint.sh"), command], env=container, cwd="/",
            stdout=output, stderr=output,
        )  # fmt: skip
        try:
            yield process, log
        finally:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def test_migrate_brings_up_the_tables_and_the_admin_once(container):
    first = run(container, "migrate")
    assert first.returncode == 0, first.stderr
    assert first.stdout == "Sign in as admin with the password from ADMIN_PASSWORD.\n"
    again = run(container, "migrate")
    assert (again.returncode, again.stdout) == (0, "")


def test_anything_else_is_a_management_command(container):
    assert run(container, "version").stdout.startswith("5.2")


def test_web_worker_and_beat_make_it_ready(container):
    assert run(container, "migrate").returncode == 0
    with (
        running(container, "worker"),
        running(container, "beat") as (beat, log),
        running(container, "web"),
    ):
        wait_for_text(beat, log, "beat: Starting")
        wait_until_ready(container["PORT"])


def wait_until_ready(port):
    deadline = time.monotonic() + 200
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
                assert answer.status == 200
                return
        except OSError:
            time.sleep(0.3)
    raise AssertionError("It has not become ready.")
