"""A training run: rows, split, lists, training, with a record in its folder."""

import importlib.util
from collections.abc import Callable

from retrieval.training.config import RunFolder, TrainingConfig
from retrieval.training.data.listwise import listwise_examples, query_key, split_rows
from retrieval.training.data.rows import read_rows
from retrieval.training.errors import TrainingError

NEEDED = ("accelerate", "datasets")


def train(
    plan: TrainingConfig,
    folder: RunFolder,
    *,
    command: str,
    minutes: float | None,
    device: str,
    show: Callable[[float], None],
) -> dict[str, float]:
    """Train the model in `folder` and return its metrics on the held-out rows.

    `show` gets the share that is done. Raises TrainingStopped and TrainingError.
    """
    folder.take(plan)
    if folder.finished:
        return dict(folder.about["judged"])
    _check_packages()
    from retrieval.training import trainer

    learnt, held_out = split_rows(
        list(read_rows(plan.data)), plan.held_out_books, plan.held_out, plan.seed
    )
    if not learnt:
        raise TrainingError("There is no row to learn from.")
    folder.note(
        command=command,
        files=[path.name for path in plan.data],
        learnt=len(learnt),
        held_out=len(held_out),
        books_held_out=sorted({row.book for row in held_out if row.book}),
        queries=sorted({query_key(row.query) for row in learnt}),
        judged={},
    )
    judged = trainer.train_model(
        plan,
        listwise_examples(learnt, plan.size, plan.seed),
        listwise_examples(held_out, plan.size, plan.seed),
        folder,
        minutes=minutes,
        device=device,
        show=show,
    )
    folder.note(judged=judged)
    return judged


def _check_packages() -> None:
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise TrainingError(
            "Training needs the packages of retrieval/training/requirements.txt "
            f"({', '.join(missing)} missing): `make training` installs them."
        )
