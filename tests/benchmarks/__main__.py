"""Every benchmark of this folder, one after the other: `make bench`.

Each is a module with a `main` block of its own, so that one can also be run alone:
`python -m tests.benchmarks.memory`. BENCH_DATA names the folder with the test collections.
"""

import os
import subprocess
import sys
from pathlib import Path


def main() -> int:
    data = Path(os.environ.get("BENCH_DATA", "../shared/data"))
    if not data.is_dir():
        print(f"BENCH_DATA={data} is not there: name the folder with the test collections.")
        return 1
    failed = []
    for path in sorted(Path(__file__).parent.glob("[a-z]*.py")):
        print(f"\n=== {path.stem}", flush=True)
        command = [sys.executable, "-m", f"tests.benchmarks.{path.stem}"]
        if subprocess.run(command, check=False).returncode:
            failed.append(path.stem)
    print(f"\nFailed: {', '.join(failed)}" if failed else "\nAll benchmarks ran.")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
