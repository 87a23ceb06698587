"""Where good and strong begin: arithmetic that can be checked by hand, and the command."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from documents.models import Collection
from retrieval.evaluation.datasets import databases
from retrieval.evaluation.statistics.relevance_cutoffs import (
    JudgedAnswer,
    JudgedResult,
    choose_cutoffs,
    leave_one_out_rates,
    rate_curves,
)
from retrieval.ranking.relevance import RelevanceCutoffs


def meaning(passage: tuple[float, float]) -> float:
    return passage[0]


def page(dataset: str, own: bool, *results: tuple[float, bool]) -> JudgedAnswer:
    return JudgedAnswer(
        dataset, own, tuple(JudgedResult(((c, 0.0),), relevant) for c, relevant in results)
    )


def collection(name: str, shift: float = 0.0) -> list[JudgedAnswer]:
    """Twenty foreign pages whose best is at .01 to .20; relevant results at .6, others at .4."""
    foreign = [page(name, False, (shift + n / 100, False), (0.0, False)) for n in range(1, 21)]
    return [*foreign, page(name, True, (shift + 0.6, True), (shift + 0.4, False))]


def test_good_begins_where_one_foreign_page_in_twenty_is_left() -> None:
    cutoffs = choose_cutoffs(rate_curves(collection("a"), meaning).values())
    assert cutoffs.good == 0.2


def test_strong_begins_where_relevant_results_part_best_from_others() -> None:
    of = rate_curves(collection("a"), meaning)
    cutoffs = choose_cutoffs(of.values())
    assert 0.4 < cutoffs.strong <= 0.6
    rates = of["a"].rates(cutoffs)
    assert (rates.labelled, rates.labelled_relevant, rates.others_relevant) == (0.5, 1, 0)
    assert (rates.own_pages_good, rates.relevant_good) == (1, 1)
    assert rates.foreign_pages_good == pytest.approx(0.05)
    assert rates.foreign_pages_strong == 0


def test_a_document_counts_by_the_best_of_its_passages_and_a_page_by_its_best_document() -> None:
    result = JudgedResult(((0.1, 0.0), (0.5, 0.0)), relevant=True)
    other = JudgedResult(((0.2, 0.0),), relevant=False)
    answers = [JudgedAnswer("a", True, (result, other)), page("a", False, (0.3, False))]
    rates = rate_curves(answers, meaning)["a"].rates(RelevanceCutoffs(good=0.3, strong=0.5))
    assert rates.labelled_relevant == rates.foreign_pages_good == 1
    assert rates.foreign_pages_strong == 0


def test_a_label_that_most_results_of_a_page_would_have_separates_nothing() -> None:
    """At .5 two of three would have it, at .6 the relevant one alone."""
    answers = [page("a", True, (0.6, True), (0.5, False), (0.1, False))]
    curves = rate_curves(answers, meaning)["a"]
    assert curves.separation[50] == 0
    assert curves.separation[60] == 1
    assert curves.rates(RelevanceCutoffs(good=0.1, strong=0.5)).labelled == 0


def test_what_is_left_out_has_no_part_in_the_choice() -> None:
    of = rate_curves([*collection("low"), *collection("high", shift=0.3)], meaning)
    found = leave_one_out_rates(of)
    assert (found["high"][0].good, found["low"][0].good) == (0.2, 0.5)
    assert found["high"][1].foreign_pages_good == 1
    assert found["low"][1].foreign_pages_good == 0


TEXTS = {
    "sea": ("The spring tide follows the new moon.", "spring tide and moon"),
    "bread": ("A sourdough starter is fed with flour and water.", "feeding a sourdough starter"),
}


@pytest.mark.volume
@pytest.mark.django_db(transaction=True)
def test_the_command_asks_each_collection_the_queries_of_the_others(tmp_path: Path) -> None:
    for name, (text, query) in TEXTS.items():
        (tmp_path / name / "qrels").mkdir(parents=True)
        (tmp_path / name / "corpus.jsonl").write_text(json.dumps({"_id": "1", "text": text}))
        (tmp_path / name / "queries.jsonl").write_text(json.dumps({"_id": "q", "text": query}))
        judged = "query-id\tcorpus-id\tscore\nq\t1\t1\n"
        (tmp_path / name / "qrels" / "test.tsv").write_text(judged)
    datasets = [f"--dataset={tmp_path / name}" for name in TEXTS]
    out = StringIO()
    try:
        call_command(
            "calibrate_relevance", *datasets, f"--markdown={tmp_path / 'out.md'}", stdout=out
        )
        with pytest.raises(CommandError, match="foreign"):
            call_command("calibrate_relevance", *datasets, "--related=sea,bread", stdout=out)
    finally:
        for name in TEXTS:
            for database in databases.existing_databases(name):
                databases.drop_database(database.name)
    tables = (tmp_path / "out.md").read_text()
    both, words, meaning_alone = tables.split("\n\n**")
    # Each answers its own query well, and nothing answers the other's.
    for row in ("| none, sea |", "| none, bread |"):
        line = next(line for line in both.splitlines() if line.startswith(row))
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        assert cells[3:7] == ["0.0 %", "0.0 %", "100.0 %", "100.0 %"], line
        assert cells[7:] == ["0.0 %", "0.0 %", "100.0 %"], line  # a page of one result has no label
    assert words.startswith("words**") and meaning_alone.startswith("meaning**")
    assert not Collection.objects.exists()
