"""Training of a cross-encoder on lists, by the trainer of sentence-transformers."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from datasets import Dataset
from sentence_transformers import CrossEncoder
from sentence_transformers.cross_encoder import CrossEncoderTrainer, CrossEncoderTrainingArguments
from sentence_transformers.cross_encoder.evaluation import CrossEncoderRerankingEvaluator
from sentence_transformers.cross_encoder.losses import LambdaLoss
from sentence_transformers.cross_encoder.model_card import CrossEncoderModelCardData
from transformers import PrinterCallback
from transformers.trainer_utils import set_seed
from transformers.utils.logging import disable_progress_bar, set_verbosity_error

from documents.embedding import ModelUnavailable, locate_model
from retrieval.training.callbacks import PaceCallback, Show, last_checkpoint
from retrieval.training.config import RunFolder, TrainingConfig
from retrieval.training.data.listwise import ListwiseExample
from retrieval.training.errors import TrainingError, TrainingStopped

# How many held-out rows evaluate the model in the end: enough to tell a good one from a bad one.
JUDGED = 300
# How much a standard deviation of the fused score counts beside the model's own, in its units.
FUSED_SCALE = 2.0


class CorrectingLoss(LambdaLoss):
    """LambdaLoss over the sum of the model's score and the fused score.

    A label is a pair: relevant or not, and the standardised fused score. So the model learns only
    what corrects the order of the search.
    """

    def __init__(self, model: CrossEncoder) -> None:
        super().__init__(model, activation_fn=_Shift())

    def forward(self, inputs: Any, labels: Any, prompt: Any = None, task: Any = None) -> Any:
        by = torch.cat([label[:, 1] for label in labels]) * FUSED_SCALE
        self.activation_fn.by = by.to(self.model.device)
        return super().forward(inputs, [label[:, 0] for label in labels], prompt, task)


class _Shift(torch.nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.by: torch.Tensor | float = 0.0

    def forward(self, scores: torch.Tensor) -> torch.Tensor:
        return scores + self.by


class _Trainer(CrossEncoderTrainer):
    """The library's trainer with the learning rate of a PaceCallback."""

    pace: PaceCallback

    def create_scheduler(self, num_training_steps: int, optimizer: Any = None) -> Any:
        if self.lr_scheduler is None:
            followed: Any = optimizer or self.optimizer
            self.lr_scheduler = torch.optim.lr_scheduler.LambdaLR(followed, self.pace.rate)
        return self.lr_scheduler


def train_model(
    plan: TrainingConfig,
    learnt: Sequence[ListwiseExample],
    held_out: Sequence[ListwiseExample],
    folder: RunFolder,
    *,
    minutes: float | None,
    device: str,
    show: Show,
) -> dict[str, float]:
    """Train, or continue; then the model with its card is in `folder`, without checkpoints.

    Returns the metrics on held-out rows. Raises TrainingStopped and TrainingError.
    """
    disable_progress_bar()  # type: ignore[no-untyped-call]
    set_verbosity_error()  # type: ignore[no-untyped-call]
    set_seed(plan.seed)
    checkpoint, spent = last_checkpoint(folder.checkpoints)
    pace = PaceCallback(minutes and minutes * 60, show, spent)
    model = _open(plan, _device(device))
    trainer = _Trainer(
        model=model,
        args=_arguments(plan, folder.checkpoints, cpu=model.device.type == "cpu"),
        train_dataset=_dataset(learnt, plan.fused),
        loss=CorrectingLoss(model) if plan.fused else LambdaLoss(model),
        evaluator=_evaluator(held_out) if held_out else None,
        callbacks=[pace],
    )
    trainer.pace = pace
    trainer.remove_callback(PrinterCallback)
    with pace.stopping():
        trainer.train(resume_from_checkpoint=str(checkpoint) if checkpoint else None)
        if pace.stopped:
            raise TrainingStopped(pace.share(trainer.state.global_step))
        judged = trainer.evaluate() if held_out else {}
        _keep(model, folder)
    return {name.removeprefix("eval_"): float(v) for name, v in judged.items() if "@" in name}


def _device(wanted: str) -> str:
    if wanted == "cuda" and not torch.cuda.is_available():
        raise TrainingError("There is no CUDA device here; use --device cpu, or auto.")
    return ("cuda" if torch.cuda.is_available() else "cpu") if wanted == "auto" else wanted


def _open(plan: TrainingConfig, device: str) -> CrossEncoder:
    """The base model with a head of one output, and with the first `layers` of its layers."""
    try:
        model: CrossEncoder = CrossEncoder(
            locate_model(plan.base),
            num_labels=1,
            max_length=plan.max_length,
            activation_fn=torch.nn.Identity(),
            device=device,
            local_files_only=True,
            config_kwargs={"num_hidden_layers": plan.layers} if plan.layers else None,
            model_card_data=CrossEncoderModelCardData(
                task_name="reranking passages",
                generate_widget_examples=False,
                local_files_only=True,
            ),
        )
    except ModelUnavailable as error:
        raise TrainingError(str(error)) from error
    except (OSError, ValueError, KeyError) as error:
        raise TrainingError(f"The base model {plan.base} cannot be loaded: {error}") from error
    return model


def _arguments(plan: TrainingConfig, folder: Path, *, cpu: bool) -> CrossEncoderTrainingArguments:
    return CrossEncoderTrainingArguments(
        output_dir=str(folder),
        num_train_epochs=plan.epochs,
        per_device_train_batch_size=plan.batch,
        per_device_eval_batch_size=plan.batch,
        learning_rate=plan.learning_rate,
        weight_decay=0.01,
        seed=plan.seed,
        data_seed=plan.seed,
        use_cpu=cpu,
        bf16=not cpu and torch.cuda.is_bf16_supported(),
        eval_strategy="no",  # when, and when to save, is the pace's to say
        save_strategy="no",
        save_total_limit=2,
        logging_steps=20,
        disable_tqdm=True,
        report_to="none",
    )


def _dataset(examples: Sequence[ListwiseExample], fused: bool) -> Dataset:
    return Dataset.from_dict(
        {
            "query": [example.query for example in examples],
            "passages": [list(example.texts) for example in examples],
            "labels": [_labels(example, fused) for example in examples],
        }
    )


def _labels(example: ListwiseExample, fused: bool) -> list[Any]:
    relevant = [1.0] + [0.0] * (len(example.texts) - 1)
    if not fused:
        return relevant
    scores = np.asarray(example.scores or relevant) * bool(example.scores)
    standard = (scores - scores.mean()) / (scores.std() or 1.0)
    return [list(pair) for pair in zip(relevant, standard.tolist(), strict=True)]


def _evaluator(examples: Sequence[ListwiseExample]) -> CrossEncoderRerankingEvaluator:
    samples: list[Any] = [
        {"query": one.query, "positive": [one.texts[0]], "negative": list(one.texts[1:])}
        for one in examples[:: max(1, len(examples) // JUDGED)][:JUDGED]
        if len(one.texts) > 1
    ]
    return CrossEncoderRerankingEvaluator(samples, name="held-out", write_csv=False)


def _keep(model: CrossEncoder, folder: RunFolder) -> None:
    """Save the model; `config.json` comes last and marks it as complete."""
    for about in model.model_card_data.train_datasets:  # the texts may be for few eyes only
        about.pop("examples", None)
        about["examples_table"] = ""
    model.model_card_data.usage_examples = None
    draft = folder.path / "draft"
    shutil.rmtree(draft, ignore_errors=True)
    model.save_pretrained(str(draft))
    for file in sorted(draft.iterdir(), key=lambda file: file.name == "config.json"):
        file.replace(folder.path / file.name)
    draft.rmdir()
    shutil.rmtree(folder.checkpoints, ignore_errors=True)
