"""`manage.py evaluate` on a small collection: real databases, ingestion and engine."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import astuple
from io import StringIO
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from documents.messages import Message
from documents.models import Collection, Document
from retrieval.curation import pin_document, save_synonyms
from retrieval.evaluation.datasets import databases, index_builder
from retrieval.evaluation.datasets.databases import switched_to
from retrieval.evaluation.datasets.index_builder import Recipe
from retrieval.rerankers import registry
from tests.retrieval.conftest import Index

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.volume]

DOCUMENTS = {
    "bread": ("Bread", "A sourdough starter is fed with flour and water every day."),
    "tide": ("Tides", "The spring tide follows the new moon, when sun and moon pull together."),
    "twin-1": ("", "Slipstream raises the lift of a wing behind a propeller."),
    "twin-2": ("", "Slipstream raises the lift of a wing behind a propeller."),
    "title": ("Glossary of beekeeping terms", ""),
    "empty": ("", ""),
}
QUERIES = {
    "q1": "feeding a sourdough starter",
    "q2": "slipstream lift",
    "q3": "beekeeping glossary",
}
QRELS = [("q1", "bread"), ("q2", "twin-1"), ("q2", "twin-2"), ("q3", "title"), ("q3", "empty")]


@pytest.fixture
def dataset(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "small set"
    (folder / "qrels").mkdir(parents=True)
    with (folder / "corpus.jsonl").open("w") as corpus:
        for key, (title, text) in DOCUMENTS.items():
            corpus.write(json.dumps({"_id": key, "title": title, "text": text}) + "\n")
    with (folder / "queries.jsonl").open("w") as queries:
        for key, text in QUERIES.items():
            queries.write(json.dumps({"_id": key, "text": text}) + "\n")
    lines = "".join(f"{query}\t{document}\t1\n" for query, document in QRELS)
    (folder / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\n" + lines)
    yield folder
    for database in databases.existing_databases("small-set"):
        databases.drop_database(database.name)


def evaluate(*arguments: Any) -> str:
    out = StringIO()
    call_command("evaluate", *map(str, arguments), stdout=out)
    return out.getvalue()


class SharedWords:
    """A cross-encoder's place taken by arithmetic: how many words query and text share."""

    name = fingerprint = "shared words"
    depth = 20
    weight = 0.5

    def reads_whole(self, query: str) -> bool:
        return True

    def score(self, query: str, texts: Sequence[str], weigh: Any) -> list[float]:
        return [float(len(set(query.lower().split()) & set(t.lower().split()))) for t in texts]


def test_every_mode_is_measured_and_the_live_database_is_not_touched(
    dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(registry._loaded, settings.RERANKER_MODEL, SharedWords())
    name = connection.settings_dict["NAME"]
    broker = settings.CELERY_BROKER_URL
    shown = evaluate(
        "--dataset", dataset, "--set", "dense_weight=0.5,1", "rerank_depth=3",
        "--json", tmp_path / "out.json", "--markdown", tmp_path / "out.md",
        "--run", tmp_path / "out.run",
    )  # fmt: skip
    assert "small-set" in shown
    saved = json.loads((tmp_path / "out.json").read_text())
    runs = saved["runs"]
    assert [run["name"] for run in runs] == [
        "lexical", "dense", "hybrid dense_weight=0.5", "hybrid dense_weight=1.0",
        "hybrid+rerank dense_weight=0.5 rerank_depth=3",
        "hybrid+rerank dense_weight=1.0 rerank_depth=3",
    ]  # fmt: skip
    assert runs[-1]["settings"]["reranker"] == "shared words"
    compared = {(c["run"], c["against"]) for c in saved["comparisons"]}
    assert ("hybrid+rerank dense_weight=0.5 rerank_depth=3", "hybrid dense_weight=0.5") in compared
    for run in runs:
        # Equal texts are two documents, a title is found, and what is empty cannot be.
        assert run["metrics"]["Recall@100"] == pytest.approx((1 + 1 + 0.5) / 3), run
        assert run["metrics"]["MRR@10"] == 1, run
        assert run["latency_ms"]["total"]["p95"] >= run["latency_ms"]["total"]["p50"] > 0
        assert run["queries_per_second"] > 0
    lines = (tmp_path / "out-small-set-lexical.run").read_text().splitlines()
    assert {line.split()[2] for line in lines if line.startswith("q2 ")} == {"twin-1", "twin-2"}
    assert "| lexical | " in (tmp_path / "out.md").read_text()
    assert connection.settings_dict["NAME"] == name
    assert broker == settings.CELERY_BROKER_URL
    assert settings.ORIGINALS_DIR == settings.VAR_DIR / "originals"
    assert not Document.objects.exists()
    assert not Collection.objects.exists()


def test_what_is_indexed_is_used_again_until_something_changes(
    dataset: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(registry._loaded, settings.RERANKER_MODEL, Message("reranking_off"))
    once = ("--dataset", dataset, "--mode", "lexical", "hybrid+rerank")
    shown = evaluate(*once)
    assert "5 of 5 documents indexed" in shown
    assert "hybrid+rerank was not run" in shown
    assert "documents indexed" not in evaluate(*once)
    assert len(databases.existing_databases("small-set")) == 1
    with (dataset / "corpus.jsonl").open("a") as corpus:
        corpus.write('{"_id": "new", "text": "Another one."}\n')
    shown = evaluate(*once)
    assert "6 of 6 documents indexed" in shown
    assert "Also kept" in shown
    evaluate(*once, "--drop-old")
    assert len(databases.existing_databases("small-set")) == 1


def test_synonyms_are_measured_with_and_without(dataset: Path, tmp_path: Path) -> None:
    rules, saved = tmp_path / "rules.txt", tmp_path / "out.json"
    rules.write_text("leaven, starter\nairscrew => propeller\n")
    with (dataset / "queries.jsonl").open("w") as queries:
        for key, text in {"q1": "leaven", "q2": "airscrew", "q3": "glossary"}.items():
            queries.write(json.dumps({"_id": key, "text": text}) + "\n")
    tried = ("--synonyms", rules, "--set", "curation=off,on", "--json", saved)
    shown = evaluate("--dataset", dataset, "--mode", "lexical", *tried)

    runs = {run["name"]: run["metrics"] for run in json.loads(saved.read_text())["runs"]}
    assert runs["lexical curation=off"]["MRR@10"] == pytest.approx(1 / 3)
    assert runs["lexical curation=on"]["MRR@10"] == 1
    assert "lexical curation=on" in shown.partition("Differences")[2]
    rules.write_text("leaven")
    with pytest.raises(CommandError, match="Line 1: A rule needs two different words"):
        evaluate("--dataset", dataset, *tried)
    with pytest.raises(CommandError, match="cannot be read"):
        evaluate("--dataset", dataset, "--synonyms", tmp_path / "nowhere")


def test_own_judgements_are_measured_with_the_synonyms_and_pins_of_searches(
    tmp_path: Path, indexed: Index, collection: Collection
) -> None:
    bread = indexed("Bread", "A sourdough starter is fed with flour.")
    tides = indexed("Tides", "The spring tide follows the new moon.")
    indexed("Opening hours", "The shop opens at nine.")
    judged = tmp_path / "judged.tsv"
    lines = [f"leaven\t{bread.pk}\t1", f"opening hours\t{tides.pk}\t1"]
    judged.write_text("\n".join(["query-id\tcorpus-id\tscore", *lines, ""]))
    save_synonyms(collection, "leaven, starter", None)
    pin_document(tides, "Opening hours", None)
    saved = tmp_path / "out.json"
    evaluate(
        "--judgements", judged, "--mode", "lexical", "--set", "curation=off,on", "--json", saved
    )

    runs = {run["name"]: run["metrics"] for run in json.loads(saved.read_text())["runs"]}
    assert runs["lexical curation=off"]["MRR@10"] == 0
    assert runs["lexical curation=on"]["MRR@10"] == 1


def test_an_interrupted_indexing_is_resumed(
    dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    once = ("--dataset", dataset, "--mode", "lexical", "--json", tmp_path / "out.json")
    real = index_builder._add

    def interrupted(collection: Collection, document: Any) -> None:
        if document.id == "title":
            raise KeyboardInterrupt
        real(collection, document)

    monkeypatch.setattr(index_builder, "_add", interrupted)
    with pytest.raises(CommandError, match="Interrupted"):
        evaluate(*once)
    assert json.loads((tmp_path / "out.json").read_text())["runs"] == []
    monkeypatch.setattr(index_builder, "_add", real)
    shown = evaluate(*once)
    assert "of 5 documents indexed" in shown
    (run,) = json.loads((tmp_path / "out.json").read_text())["runs"]
    assert run["metrics"]["MRR@10"] == 1


def test_each_way_of_cutting_has_an_index_of_its_own(dataset: Path) -> None:
    shown = evaluate("--dataset", dataset, "--mode", "lexical", "--chunk-tokens", "64,128")
    assert "lexical chunk_tokens=64" in shown
    assert {d.about["chunk_tokens"] for d in databases.existing_databases("small-set")} == {64, 128}


def test_the_name_follows_the_recipe_and_keeps_installations_apart() -> None:
    first, about = index_builder.recipe_fingerprint("corpus", Recipe(128, 20))
    assert about["chunk_tokens"] == 128
    assert index_builder.recipe_fingerprint("corpus", Recipe(128, 20))[0] == first
    assert index_builder.recipe_fingerprint("corpus", Recipe(129, 20))[0] != first
    assert index_builder.recipe_fingerprint("other", Recipe(128, 20))[0] != first
    name = databases.name_for("small-set", first)
    assert name.startswith(f"{connection.settings_dict['NAME'][:20]}_eval_small_set_")
    assert len(name) <= databases.LONGEST_NAME


def weights_there() -> tuple[int, ...]:
    """Of the fields of the collection in the evaluation database."""
    (database,) = databases.existing_databases("small-set")
    with switched_to(database.name, database.about):
        return astuple(Collection.objects.get().field_weights)


def test_weights_of_fields_and_recency_can_be_tried(dataset: Path, tmp_path: Path) -> None:
    """A query of a title alone is answered by that document or, weighed by texts alone, by another
    whose text says it."""
    lines = [
        {"_id": "a", "title": "Dredging", "text": "Boats lie in the harbour, says the board."},
        {"_id": "b", "title": "Minutes", "text": "Dredging, once more dredging, was the subject."},
        *({"_id": f"c{n}", "title": f"Bread {n}", "text": "Flour and water."} for n in range(6)),
    ]
    (dataset / "corpus.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    (dataset / "queries.jsonl").write_text(json.dumps({"_id": "q", "text": "dredge now"}) + "\n")
    (dataset / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq\ta\t1\n")
    saved = tmp_path / "report.json"
    varied = ("--set", "title_weight=0,5", "recency_half_life=0,30", "recency_floor=0.5")
    evaluate("--dataset", dataset, "--mode", "lexical", *varied, "--json", saved)
    runs = json.loads(saved.read_text())["runs"]
    assert {run["name"]: run["metrics"]["MRR@10"] for run in runs} == {
        "lexical recency_half_life=0 recency_floor=0.5 title_weight=0": 0.0,
        "lexical recency_half_life=0 recency_floor=0.5 title_weight=5": 1.0,
        "lexical recency_half_life=30 recency_floor=0.5 title_weight=0": 0.0,
        "lexical recency_half_life=30 recency_floor=0.5 title_weight=5": 1.0,
    }
    evaluate("--dataset", dataset, "--mode", "lexical", "--set", "title_weight=0")
    evaluate("--dataset", dataset, "--mode", "dense", "--json", saved)
    assert weights_there() == (1, 1, 1)  # what was tried last does not stay
    judged = tmp_path / "judged"
    with pytest.raises(CommandError, match="title_weight can be tried on collections"):
        evaluate("--judgements", judged, "--set", "title_weight=2")


def test_markdown_has_headings_that_can_be_weighed(dataset: Path, tmp_path: Path) -> None:
    minutes = "# Minutes\n\nBoats.\n\n## Dredging\n\nBoats lie in the harbour, says the board."
    lines = [
        {"_id": "a", "title": "Harbour", "text": minutes, "format": "md"},
        {"_id": "b", "title": "Pier", "text": "Dredging was the subject of a long meeting."},
        *({"_id": f"c{n}", "title": f"Bread {n}", "text": "Flour and water."} for n in range(6)),
    ]
    (dataset / "corpus.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    (dataset / "queries.jsonl").write_text(json.dumps({"_id": "q", "text": "dredge now"}) + "\n")
    (dataset / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq\ta\t1\n")
    saved = tmp_path / "report.json"
    varied = ("--set", "headings_weight=0,5")
    evaluate("--dataset", dataset, "--mode", "lexical", *varied, "--json", saved)
    runs = json.loads(saved.read_text())["runs"]
    assert [run["metrics"]["MRR@10"] for run in runs] == [0.0, 1.0]


def test_what_cannot_be_done_is_said_in_a_sentence(dataset: Path, tmp_path: Path) -> None:
    for arguments, sentence in {
        (): "Name a collection",
        ("--dataset", tmp_path / "nowhere"): "is not a folder",
        ("--dataset", dataset, "--set", "fusion=borda"): "no fusion borda",
        ("--dataset", dataset, "--chunk-tokens", "few"): "takes whole numbers",
        ("--dataset", dataset, "--chunk-tokens", "8"): "between 16 and 8192",
        ("--dataset", dataset, "--chunk-tokens", "64", "--chunk-overlap", "33"): "at most: 32",
    }.items():
        with pytest.raises(CommandError, match=sentence):
            evaluate(*arguments)


def test_what_was_measured_is_reported_when_another_evaluation_is_in_the_way(
    dataset: Path, tmp_path: Path
) -> None:
    saved = tmp_path / "report.json"
    both = ("--dataset", dataset, "--mode", "lexical", "--chunk-tokens", "100,200")
    evaluate(*both)
    (second,) = [
        d.name for d in databases.existing_databases("small-set") if d.about["chunk_tokens"] == 200
    ]
    place = {**connection.get_connection_params(), "dbname": second}
    place.pop("cursor_factory", None)
    place.pop("context", None)
    with psycopg.connect(**place) as elsewhere:
        elsewhere.execute("SELECT pg_advisory_lock(%s)", [databases.EXCLUSIVE])
        with pytest.raises(CommandError, match=r"Another evaluation .* What was done is kept"):
            evaluate(*both, "--json", saved)
    runs = json.loads(saved.read_text())["runs"]
    assert [run["settings"]["chunk_tokens"] for run in runs] == [100]


def test_the_options_of_the_database_address_count_there_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    options = {**connection.settings_dict["OPTIONS"], "application_name": "named"}
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", options)
    name = databases.name_for("options", "0" * 12)
    try:
        with databases.switched_to(name, {}), connection.cursor() as cursor:
            cursor.execute("SELECT current_database(), current_setting('application_name')")
            assert cursor.fetchone() == (name, "named")
    finally:
        databases.drop_database(name)
