"""Reading the product's own judgements as a test collection."""

from pathlib import Path

from retrieval.evaluation.datasets import judgements
from tests.retrieval.evaluation.datasets.files import GOOD, write_collection


def test_own_judgements_are_read_from_an_export_or_from_a_file_alone(tmp_path: Path) -> None:
    folder = write_collection(tmp_path / "out", *GOOD)
    assert judgements.read_judgements(folder)[0] == {"a": "one"}
    alone = tmp_path / "alone.tsv"
    alone.write_text("solar panels\tdoc\t1\nwind\tdoc\t0\n")
    assert judgements.read_judgements(alone) == (
        {"solar panels": "solar panels"},
        {"solar panels": {"doc": 1}},
    )
