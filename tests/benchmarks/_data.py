"""Where the test collections are."""

import os
from pathlib import Path

COLLECTIONS = Path(os.environ.get("BENCH_DATA", "../shared/data")) / "collections"
