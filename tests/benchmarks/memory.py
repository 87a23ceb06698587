"""What a running installation holds in memory: proportional set size of each process.

PSS counts a page that n processes share as 1/n of it in each, so that the sum is what the machine
would get back. Read from /proc/PID/smaps_rollup (Linux) over the process tree of `manage.py up`.

    python -m tests.benchmarks.memory [PID]

Without PID, an installation of its own is started with the samples, left alone until it is idle,
measured and stopped.
"""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from search_project.data_dir import BASE_DIR, free_port

LIMIT_MB = 1536
IDLE_SECONDS = 45


def pss_mb(pid: int) -> float:
    """0 for a process that is gone."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def table(root: int) -> float:
    """Print a line for each process below `root`; the sum in MB."""
    process = psutil.Process(root)
    total = 0.0
    for member in [process, *process.children(recursive=True)]:
        with contextlib.suppress(psutil.Error):
            size, command = pss_mb(member.pid), " ".join(member.cmdline())
            total += size
            print(f"{size:8.1f} MB  {member.pid:>7}  {command[:90]}")
    print(f"{total:8.1f} MB  in all (limit {LIMIT_MB})")
    return total


def measure_fresh() -> float:
    with tempfile.TemporaryDirectory(prefix="lantern-") as var:
        Path(var).chmod(0o755)
        env = os.environ | {"VAR_DIR": var, "PORT": str(free_port())}
        up = subprocess.Popen(
            [sys.executable, "manage.py", "up"], cwd=BASE_DIR, env=env,
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        try:
            assert up.stdout is not None
            for line in up.stdout:
                if "Ctrl-C stops" in line:
                    break
            time.sleep(IDLE_SECONDS)
            return table(up.pid)
        finally:
            up.send_signal(signal.SIGINT)
            up.wait(60)


if __name__ == "__main__":
    used = table(int(sys.argv[1])) if len(sys.argv) > 1 else measure_fresh()
    sys.exit(used > LIMIT_MB)
