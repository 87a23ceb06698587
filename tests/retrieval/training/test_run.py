"""Training for real: negatives from the product's own search, a tiny cross-encoder, its
installation, and a search whose order it changes."""

import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command

from documents.inference import cross_encoder
from retrieval.evaluation.datasets import databases
from retrieval.feedback import log
from retrieval.query.request import SearchRequest
from retrieval.rerankers import budget, load_reranker, registry, reranker_state
from retrieval.rerankers.registry import CrossEncoderReranker, trained_reranker_folder
from retrieval.search import service
from retrieval.training.config import RunFolder, TrainingConfig
from retrieval.training.data.listwise import query_key
from retrieval.training.data.rows import CorpusPassage, TrainingRow, read_rows, write_rows
from retrieval.training.errors import TrainingError, TrainingStopped
from retrieval.training.run import train
from tests import tiny_models
from tests.api import make_user
from tests.retrieval.conftest import Index

pytestmark = pytest.mark.training
TOPICS = (
    "holidays", "travel", "training", "parking", "overtime", "expenses", "visitors", "printing",
    "smoking", "recycling", "laptops", "keys",
)  # fmt: skip


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(tiny_models.cross_encoder(tmp_path_factory.mktemp("models") / "tiny"))


@pytest.fixture
def fresh_installation(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """An installation without a trained model; torch, since a converted one would take long."""
    settings.VAR_DIR = tmp_path / "var"
    settings.INFERENCE_BACKEND = "torch"
    settings.RERANKER_MODEL = "auto"
    budget.clear_score_cache()
    monkeypatch.setattr(registry, "_loaded", {})
    yield
    budget.clear_score_cache()


def command(name: str, *arguments: Any) -> str:
    out = StringIO()
    call_command(name, *map(str, arguments), stdout=out)
    return " ".join(out.getvalue().split())


@pytest.fixture
def judged(indexed: Index, tmp_path: Path) -> tuple[Path, Path]:
    """Judgements made in the product: what is in force is relevant, what is a draft is not, though
    a draft has more of the query's words. The folder and the training rows that were exported."""
    user = make_user("ada", staff=True)  # whose word is enough
    for topic in TOPICS:
        rules = f"The rules on {topic} apply to all staff."
        draft = indexed(f"{topic} rules", f"{rules} These rules on {topic} are new.")
        final = indexed(f"{topic} in force", f"{rules} Signed by the board and now in force.")
        log.set_judgement(user, f"rules on {topic}", draft.pk, False)
        log.set_judgement(user, f"rules on {topic}", final.pk, True)
    folder, rows = tmp_path / "judged", tmp_path / "rows.jsonl"
    command("export_judgements", folder, "--training", rows)
    return folder, rows


LEARNING = ("--size", 2, "--batch", 4, "--epochs", 12, "--learning-rate", 3e-3,
            "--max-length", 64, "--device", "cpu", "--held-out", 0.5)  # fmt: skip


def titles(query: str) -> list[str]:
    page = service.search_documents(AnonymousUser(), SearchRequest(query))
    return [result.document.title for result in page.results]


@pytest.mark.django_db
def test_from_judgements_to_an_installed_model_that_changes_an_order(
    judged: tuple[Path, Path], tiny: str, fresh_installation: None, tmp_path: Path
) -> None:
    folder, rows = judged
    assert len(list(read_rows([rows]))) == len(TOPICS)
    assert titles("rules on parking")[0] == "parking rules"
    out = ("--out", tmp_path / "model")
    said = command("train_reranker", "--data", rows, "--base", tiny, *out, *LEARNING,
                   "--judgements", folder, "--weight", 0.5, "--install")  # fmt: skip
    assert "late interaction" in said and f"Installed in {trained_reranker_folder()}" in said
    assert "own judgements" in said and " 6 " in said  # the half that was not learnt from
    registry.refresh_rerankers()  # as every web process does from time to time
    budget.clear_score_cache()
    trained = load_reranker("auto")
    assert isinstance(trained, CrossEncoderReranker)
    assert trained.weight == 0.5
    load_reranker()
    assert str(reranker_state()) == "Reranking with the cross-encoder trained here."
    assert titles("rules on parking")[0] == "parking in force"
    registry.refresh_rerankers()
    assert load_reranker("auto") is trained  # chosen again only after a change
    shutil.rmtree(trained_reranker_folder())
    registry.refresh_rerankers()
    assert str(reranker_state()) == "Reranking with late interaction."
    card = (tmp_path / "model" / "README.md").read_text()
    assert "LambdaLoss" in card and "own judgements" in card and "held out" in card
    assert "Signed by the board" not in card  # no text that it was trained on


@pytest.mark.django_db
def test_what_is_no_better_or_not_compared_is_not_installed_unless_forced(
    judged: tuple[Path, Path], tiny: str, fresh_installation: None, tmp_path: Path, settings: Any
) -> None:
    """By a model that is live already, and so can be no better."""
    out = ("--out", untaught(tmp_path / "model", tiny, learnt=[]))
    settings.RERANKER_MODEL = str(tmp_path / "model")
    with pytest.raises(CommandError, match="nothing to compare by"):
        command("train_reranker", *out, "--install")
    with pytest.raises(CommandError, match="not better than what is live"):
        command("train_reranker", *out, "--judgements", judged[0], "--install")
    assert not trained_reranker_folder().exists()
    said = command("train_reranker", *out, "--force")
    assert "Installed" in said and "with `auto` it would be used" in said
    assert (trained_reranker_folder() / "model.safetensors").is_file()
    seen = untaught(tmp_path / "seen", tiny, learnt=[f"rules on {topic}" for topic in TOPICS])
    with pytest.raises(CommandError, match="has learnt from every query"):
        command("train_reranker", "--out", seen, "--judgements", judged[0])


def untaught(folder: Path, tiny: str, learnt: Sequence[str]) -> Path:
    shutil.copytree(tiny, folder)
    (folder / "README.md").write_text("# A card")
    RunFolder(folder).note(
        plan={"base": tiny}, command="", files=[], learnt=len(learnt), held_out=0, judged={},
        queries=[query_key(query) for query in learnt],
    )  # fmt: skip
    return folder


ROWS = [
    TrainingRow(
        f"where is {topic}?", f"{topic} is here", (f"{topic} is new", "nothing"), scores=(3, 2, 1)
    )
    for topic in TOPICS
]


def plan(folder: Path, tiny: str, **options: Any) -> TrainingConfig:
    if not (folder / "rows.jsonl").exists():
        write_rows(folder / "rows.jsonl", ROWS)
    chosen: dict[str, Any] = {"size": 3, "batch": 2, "max_length": 32, "learning_rate": 1e-3}
    return TrainingConfig((folder / "rows.jsonl",), tiny, **{**chosen, **options})


def run(
    plan: TrainingConfig, out: Path, show: Callable[[float], None] = lambda share: None
) -> bytes:
    train(plan, RunFolder(out), command="", minutes=None, device="cpu", show=show)
    return (out / "model.safetensors").read_bytes()


def test_a_stopped_run_goes_on_and_ends_as_one_that_was_not(
    tiny: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from retrieval.training import callbacks

    of_one = plan(tmp_path, tiny)
    with monkeypatch.context() as patch:
        patch.setattr(callbacks, "SAVE_SECONDS", 0.0)  # saves after every step
        whole = run(of_one, tmp_path / "whole")

    def interrupt(share: float) -> None:
        if share > 0.4:
            os.kill(os.getpid(), signal.SIGINT)  # as Ctrl-C does

    with pytest.raises(TrainingStopped, match="the same command goes on"):
        run(of_one, tmp_path / "stopped", interrupt)
    # One that was killed while it saved leaves a checkpoint that is not whole.
    (tmp_path / "stopped" / "checkpoints" / "checkpoint-999").mkdir()
    shares: list[float] = []
    assert run(of_one, tmp_path / "stopped", shares.append) == whole
    assert shares[0] > 0.4
    assert not (tmp_path / "stopped" / "checkpoints").exists()
    with pytest.raises(TrainingError, match="holds another run"):
        run(plan(tmp_path, tiny, seed=1), tmp_path / "whole")


def test_the_seed_decides_and_fewer_layers_and_fused_scores_are_learnt_with(
    tiny: str, tmp_path: Path
) -> None:
    two = tiny_models.cross_encoder(tmp_path / "two")
    first = run(plan(tmp_path, str(two), seed=1, layers=1, fused=True), tmp_path / "first")
    assert run(plan(tmp_path, str(two), seed=2, layers=1), tmp_path / "second") != first
    from transformers import AutoConfig

    assert AutoConfig.from_pretrained(tmp_path / "first").num_hidden_layers == 1
    scores = cross_encoder.TorchCrossEncoder(tmp_path / "first").score(
        "where?", ["here", "", "这里" * 90]
    )
    assert len(scores) == 3


def test_minutes_end_a_run_in_time(tiny: str, tmp_path: Path) -> None:
    shares: list[float] = []
    long = plan(tmp_path, tiny, epochs=10_000)
    train(long, RunFolder(tmp_path / "out"), command="", minutes=0.02, device="cpu",
          show=shares.append)  # fmt: skip
    assert shares[-1] == 1
    assert (tmp_path / "out" / "config.json").is_file()


def test_what_cannot_be_done_is_said_in_a_sentence(
    tiny: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = ("--data", plan(tmp_path, tiny).data[0], "--out", tmp_path / "out")
    for arguments, sentence in {
        ("--out", tmp_path / "out"): "holds no trained model; name --data",
        ("--data", tmp_path / "nowhere", "--out", tmp_path / "out"): "cannot be read",
        (*data, "--base", "nowhere/no-such-model"): "cannot be reached",
    }.items():
        with pytest.raises(CommandError, match=sentence):
            command("train_reranker", *arguments)
    monkeypatch.setitem(sys.modules, "datasets", None)
    with pytest.raises(CommandError, match="`make training` installs them"):
        command("train_reranker", *data)


PASSAGES = [
    CorpusPassage("tide", "The spring tide follows the new moon.", "Tides", "sea", "nature"),
    CorpusPassage("neap", "The neap tide follows the half moon.", "Tides", "sea", "nature"),
    CorpusPassage(
        "moon", "The moon pulls at the sea, and the tide rises.", "Moon", "sky", "nature"
    ),
    CorpusPassage("bread", "Bread is baked from sourdough.", "Bread", "food", "kitchen"),
]


@pytest.mark.django_db(transaction=True)
def test_negatives_are_mined_by_the_products_own_search(tmp_path: Path) -> None:
    write_rows(tmp_path / "passages.jsonl", PASSAGES)
    write_rows(tmp_path / "rows.jsonl", [
        TrainingRow(
            "spring tide", "Tides\nThe spring tide follows the new moon.", (), "tide", "sea"
        ),
        TrainingRow("who knows?", "nobody", (), "elsewhere"),
    ])  # fmt: skip
    arguments = ("--data", tmp_path / "rows.jsonl", "--passages", tmp_path / "passages.jsonl",
                 "--out", tmp_path / "mined.jsonl")  # fmt: skip
    try:
        said = command("mine_negatives", *arguments)
    finally:
        for database in databases.existing_databases("training"):
            databases.drop_database(database.name)
    assert "1 rows in" in said and "1 were left out" in said
    (row,) = read_rows([tmp_path / "mined.jsonl"])
    assert row.positive == "Tides\nThe spring tide follows the new moon."
    # The other of its section is left out, however well it ranks.
    assert row.negatives[0] == "Moon\nThe moon pulls at the sea, and the tide rises."
    assert "Tides\nThe neap tide follows the half moon." not in row.negatives
    assert row.scores[0] > row.scores[1]


@pytest.mark.django_db
def test_without_passages_negatives_come_from_what_is_indexed(
    judged: tuple[Path, Path], tmp_path: Path
) -> None:
    command("mine_negatives", "--data", judged[1], "--out", tmp_path / "mined.jsonl",
            "--negatives", 3, "--margin", -1)  # fmt: skip
    mined = list(read_rows([tmp_path / "mined.jsonl"]))
    assert {len(row.negatives) for row in mined} == {3}
    assert all(row.positive not in row.negatives for row in mined)
