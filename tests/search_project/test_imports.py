"""Processes that hold no model do not pay for the libraries of one."""

import json
import subprocess
import sys

import pytest

from search_project.data_dir import BASE_DIR

pytestmark = pytest.mark.processes

HEAVY = ("torch", "transformers", "sentence_transformers", "kreuzberg", "loky")
SETUP = "import django; django.setup(); "
TASKS = "from search_project.celery import app; app.loader.import_default_modules(); "


@pytest.mark.parametrize(
    ("what", "statement", "forbidden"),
    [
        ("views and tasks", SETUP + "import search_project.urls; " + TASKS, HEAVY),
        (
            "manage.py up",
            SETUP + "import search_project.management.commands.up; "
            "from search_project.supervisor.manager import *",
            (*HEAVY, "numba", "numpy", "scipy"),
        ),
        (
            "beat",
            "from search_project.beat import app; app.loader.import_default_modules(); "
            "assert app.conf.beat_schedule",
            (*HEAVY, "numba", "numpy", "scipy", "documents", "retrieval"),
        ),
    ],
)
def test_it_imports_none_of(what, statement, forbidden):
    script = f"import json, sys; {statement}\nprint(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=BASE_DIR, capture_output=True, text=True, check=True
    )
    loaded = set(json.loads(done.stdout.splitlines()[-1]))
    assert loaded & set(forbidden) == set(), what
