"""How long ingestion takes, against the encoder alone on the same passages.

    python tests/benchmarks/ingestion.py [documents]

reads `$BENCH_DATA/collections/cranfield` (default ../shared/data) and writes to a database of its
own, which goes away. Documents are worked off by a real Celery worker, the process and command
that `make run` starts, on messages that wait before it is let go.
"""

import io
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]
BATCH = 32


def main() -> None:
    source = Path(os.environ.get("BENCH_DATA", ROOT / "../shared/data")) / "collections/cranfield"
    if not (source / "corpus.jsonl").is_file():
        sys.exit(f"No corpus in {source}: set BENCH_DATA.")
    sys.path.insert(0, str(ROOT))
    with tempfile.TemporaryDirectory(prefix="lantern-bench-") as folder:
        Path(folder).chmod(0o755)
        os.environ |= {"VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": "search_project.settings"}
        from search_project.servers.lifecycle import servers_running

        with servers_running():
            import django

            django.setup()
            lines = (source / "corpus.jsonl").read_text().splitlines()
            measure(lines[: int(sys.argv[1]) if len(sys.argv) > 1 else None])


def measure(lines: list[str]) -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    started = time.perf_counter()
    add([json.loads(line) for line in lines])
    print(f"{len(lines)} documents taken in {time.perf_counter() - started:.1f} s")
    whole, busy = worked_off(len(lines))
    passages, alone, encoding = encoder_alone()
    print(f"{passages} passages: ingestion {whole:.1f} s, the encoder alone {alone:.1f} s")
    print(f"ratio {whole / alone:.2f}")
    print(f"processor time, all processes: {busy:.1f} s against {encoding:.1f} s")
    print(f"ratio {busy / encoding:.2f} (holds on a machine that is busy with other things, too)")


def add(rows: list[dict[str, str]]) -> None:
    from documents.library import uploads
    from documents.models import Collection

    collection = Collection.objects.create(name="Cranfield", slug="cranfield")
    for row in rows:
        text = io.BytesIO(row["text"].encode())
        uploads.add_file(
            collection, text, f"{row['_id']}.txt", title=row["title"], external_id=row["_id"]
        )


def processor_seconds(worker: int) -> float:
    """What the worker, the servers and all their children have used so far, ended ones included."""
    servers = psutil.Process().children(recursive=True)
    family = {psutil.Process(worker), *psutil.Process(worker).children(recursive=True), *servers}
    return sum(sum(_times(process)) for process in family)


def _times(process: psutil.Process) -> tuple[float, ...]:
    """Seconds in user and system mode, of the process and of children that it outlived."""
    try:
        return tuple(process.cpu_times()[:4])
    except psutil.Error:
        return ()


def worked_off(count: int) -> tuple[float, float]:
    """Wall and processor seconds from the first claim to the last publication."""
    from django.conf import settings

    from documents.models import Document

    command = ["celery", "-A", "search_project", "worker", "--pool=threads", "-l", "WARNING"]
    worker = subprocess.Popen(
        [sys.executable, "-m", *command, f"--concurrency={settings.WORKER_CONCURRENCY}"], cwd=ROOT
    )
    try:
        started = before = 0.0
        while True:
            if not started and Document.objects.exclude(state="queued").exists():
                started, before = time.perf_counter(), processor_seconds(worker.pid)
            if Document.objects.filter(state__in=("indexed", "failed")).count() >= count:
                break
            time.sleep(0.2)
        took = time.perf_counter() - started
        busy = processor_seconds(worker.pid) - before
        family = [psutil.Process(worker.pid), *psutil.Process(worker.pid).children(True)]
        for process in family:
            pss = process.memory_full_info().pss / 2**20
            print(f"  {' '.join(process.cmdline())[:60]}: {pss:.0f} MB (proportional set size)")
    finally:
        worker.terminate()
        worker.wait(30)
    print(f"  {Document.objects.filter(state='failed').count()} failed")
    return took, busy


def encoder_alone() -> tuple[int, float, float]:
    """One call of the model on all passages, sorted by length, in batches of 32."""
    from documents.chunking.indexed_text import indexed_text
    from documents.embedding import registry
    from documents.models import Passage

    model = registry.configured_model().encoder
    texts = [
        indexed_text(passage.document.title, passage.headings, passage.text)
        for passage in Passage.objects.select_related("document")
    ]
    texts.sort(key=len)
    model.encode(texts[:BATCH], "passage")
    started, before = time.perf_counter(), time.process_time()
    for first in range(0, len(texts), BATCH):
        model.encode(texts[first : first + BATCH], "passage")
    return len(texts), time.perf_counter() - started, time.process_time() - before


if __name__ == "__main__":
    main()
