"""The tests run with the defaults, whatever is set where they are started."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from search_project.data_dir import BASE_DIR
from tests.environment import setting_names

pytestmark = pytest.mark.processes

# Every setting is read by `env.text`, whatever its type.
SCRIPT = """
import json
from search_project import env

read, text = set(), env.text
env.text = lambda name, *default: (read.add(name), text(name, *default))[1]
import tests.conftest
from django.conf import settings

print(json.dumps([sorted(read), settings.FUSION, settings.CHUNK_TOKENS, settings.QUERY_LOG]))
"""


def test_no_setting_of_the_caller_reaches_the_tests(tmp_path: Path) -> None:
    names = setting_names()
    env = os.environ | dict.fromkeys(names, "banana")
    env |= {f"{name}_FILE": "/none" for name in names} | {"TEST_VAR_DIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], env=env, cwd=BASE_DIR, text=True, capture_output=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    read, *values = json.loads(done.stdout)
    assert values == ["max_norm", 200, True]
    assert names.issuperset(read)
    assert {"FUSION", "CHUNK_TOKENS", "VAR_DIR", "DATABASE_URL"}.issubset(read)
