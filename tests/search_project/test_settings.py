"""The settings as they follow from the environment, and the table of them in the README."""

import json
import os
import re
import runpy
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from retrieval.dense.knn import MAX_EF_SEARCH
from retrieval.ranking.fusion import FUSIONS
from retrieval.ranking.rerank_stage import RERANK_INPUT
from search_project.data_dir import BASE_DIR

ROW = re.compile(r"^\| `([A-Z0-9_]+)` \| (.*?) \|", re.M)


def read(monkeypatch, **environment):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return runpy.run_path(str(BASE_DIR / "search_project" / "settings.py"))


@pytest.fixture(scope="module")
def defaults(tmp_path_factory):
    """Every setting that settings.py asks the environment for, with its default."""
    script = "from search_project import settings, env; import json; print(json.dumps(env.NAMES))"
    var = tmp_path_factory.mktemp("var")
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=BASE_DIR, env=os.environ | {"VAR_DIR": str(var)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    found = {
        name: value.replace(str(var), "VAR_DIR") for name, value in json.loads(done.stdout).items()
    }
    return found | {"VAR_DIR": os.path.relpath(found["VAR_DIR"], BASE_DIR)}


def test_the_readme_has_every_setting_and_no_other(defaults):
    rows = [name for name, _ in ROW.findall((BASE_DIR / "README.md").read_text())]
    assert len(defaults) > 30
    assert sorted(rows) == sorted(defaults)


def test_the_defaults_in_the_readme_are_those_of_the_code(defaults):
    rows = ROW.findall((BASE_DIR / "README.md").read_text())
    shown = {name: cell.strip("`") for name, cell in rows if cell.startswith("`")}
    assert len(shown) > 25
    assert shown == {name: defaults[name] for name in shown}


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("HOST", "http://here", "an address or a host name"),
        ("PORT", "65536", "from 1 to 65535"),
        ("ALLOWED_HOSTS", "a.example.org, b.example.org:8000", "a name without scheme and port"),
        ("CSRF_TRUSTED_ORIGINS", "search.example.org", "an origin such as https://"),
        ("CSRF_TRUSTED_ORIGINS", "https://search.example.org/", "an origin such as https://"),
        ("ADMIN_USERNAME", "the admin", "a name of letters"),
        ("MAX_TEXT_CHARS", "999", "of at least 1000"),
        ("CHUNK_OVERLAP", "101", "more than half of CHUNK_TOKENS=200"),
        ("HNSW_EF_SEARCH", str(MAX_EF_SEARCH + 1), f"from 10 to {MAX_EF_SEARCH}"),
        ("FUSION", "banana", f"none of {', '.join(FUSIONS)}"),
        ("RERANK_INPUT", "banana", f"none of {', '.join(RERANK_INPUT)}"),
        ("INFERENCE_BACKEND", "onnx", "none of auto, torch, int8"),
        ("DENSE_WEIGHT", "nan", "from 0 to 1"),
        ("RERANK_WEIGHT", "2", "from 0 to 1"),
        ("QUERY_LOG", "maybe", "neither on nor off"),
        ("QUERY_LOG_DAYS", "1000000000", "from 1 to 36500"),
        ("TRUSTED_PROXIES", "10.0.0.1/8", "neither an address nor a network"),
        ("LOG_LEVEL", "loud", "none of DEBUG, INFO"),
        ("REQUEST_TIMEOUT_S", "61", "from 1 to 60"),
        ("INT8_CACHE_DIR", __file__, "is not a folder"),
        ("DATABASE_URL", "sqlite:///db", "not of the form postgres://"),
        ("REDIS_URL", "amqp://broker", "not of the form redis://"),
        ("CACHE_URL", "memcached://cache", "not of the form redis://"),
    ],
)
def test_what_is_not_allowed_stops_the_start_with_what_is(monkeypatch, name, value, allowed):
    with pytest.raises(ImproperlyConfigured, match=re.escape(allowed)) as refused:
        read(monkeypatch, **{name: value})
    assert str(refused.value).startswith(name)
    assert len(str(refused.value).splitlines()) == 1


def test_every_choice_that_the_code_knows_is_allowed(monkeypatch):
    assert [read(monkeypatch, FUSION=name)["FUSION"] for name in FUSIONS] == [*FUSIONS]
    assert [read(monkeypatch, RERANK_INPUT=name)["RERANK_INPUT"] for name in RERANK_INPUT] == [
        *RERANK_INPUT
    ]


def test_the_overlap_follows_the_size_of_passages(monkeypatch):
    assert read(monkeypatch, CHUNK_TOKENS="16")["CHUNK_OVERLAP"] == 16 // 10
    assert read(monkeypatch, CHUNK_TOKENS="16", CHUNK_OVERLAP="8")["CHUNK_OVERLAP"] == 8


def test_the_cache_is_never_the_broker(monkeypatch):
    embedded = read(monkeypatch)
    assert embedded["CACHES"]["default"]["LOCATION"] == [embedded["CACHE_URL"]]
    assert embedded["CACHE_URL"] != embedded["REDIS_URL"]
    beside = read(monkeypatch, REDIS_URL="redis://queue/0", CACHE_URL="redis://cache/0")
    assert beside["CACHES"]["default"]["LOCATION"] == ["redis://cache/0"]
    assert beside["CACHES"]["status"]["LOCATION"] == ["redis://queue/0"]
    alone = read(monkeypatch, REDIS_URL="redis://queue/0", CACHE_URL="")
    assert alone["CACHES"]["default"]["BACKEND"].endswith("LocMemCache")


def test_celery_checks_the_certificate_of_a_broker_with_tls(monkeypatch):
    assert "CELERY_BROKER_USE_SSL" not in read(monkeypatch, REDIS_URL="redis://queue")
    secure = read(monkeypatch, REDIS_URL="rediss://queue")
    assert secure["CELERY_BROKER_USE_SSL"] == {"ssl_cert_reqs": 2}  # ssl.CERT_REQUIRED
