"""Models in int8: what they say, when they are made, and what runs where they cannot be had."""

import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from documents.embedding import model_files, registry, spaces
from documents.embedding.loader import open_cross_encoder, open_encoder
from documents.errors import ModelUnavailable
from documents.inference import backend, model_cache
from documents.inference.cross_encoder import Int8CrossEncoder, TorchCrossEncoder
from documents.inference.encoder import Encoder
from documents.inference.int8_encoder import Int8Encoder
from documents.models import EmbeddingSpace
from tests import tiny_models
from tests.tiny_models import DEFAULT

pytestmark = pytest.mark.model
ROOT = Path(__file__).resolve().parents[3]
TEXTS = [
    "The boundary layer becomes turbulent at a critical Reynolds number. " * 4,
    "card",
    "Wie kündige ich den Vertrag?",
    "搜索引擎把文档切成段落。",
    "بحث دلالي في الوثائق",
    "",
    "Merge sort halves a list, sorts both halves, and merges them.",
]


@pytest.fixture(scope="module")
def fast() -> Int8Encoder:
    from django.conf import settings

    path = model_files.locate_model(DEFAULT)
    found = open_encoder(DEFAULT, path, "int8", settings.INT8_CACHE_DIR)
    assert isinstance(found, Int8Encoder)
    return found


@pytest.fixture(scope="module")
def exact() -> Encoder:
    return Encoder(DEFAULT, model_files.locate_model(DEFAULT))


def test_vectors_are_those_of_torch_within_rounding(fast: Int8Encoder, exact: Encoder) -> None:
    ours, theirs = fast.encode(TEXTS, "passage"), exact.encode(TEXTS, "passage")
    assert ours.shape == theirs.shape == (len(TEXTS), 384)
    assert ours.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(ours, axis=1), 1, atol=1e-5)
    assert ((ours * theirs).sum(axis=1) > 0.96).all()


def test_only_the_precision_tells_the_two_spaces_apart(fast: Int8Encoder, exact: Encoder) -> None:
    ours, theirs = fast.identity.fields(), exact.identity.fields()
    assert {name for name in ours if ours[name] != theirs[name]} == {"precision"}
    assert (fast.window, fast.lengths(TEXTS)) == (exact.window, exact.lengths(TEXTS))


def test_a_text_has_one_vector_whatever_else_is_in_its_batch(fast: Int8Encoder) -> None:
    together = fast.encode(TEXTS, "passage")
    alone = np.vstack([fast.encode([text], "passage") for text in TEXTS])
    assert (together == alone).all()


def test_each_piece_has_a_vector_and_a_place(fast: Int8Encoder, exact: Encoder) -> None:
    for encoder in (fast, exact):
        assert all(len(rows) == len(pieces) for pieces, rows in encoder.read(TEXTS))
    start, end = fast.read(["find the card"])[0][0].offsets[3]
    assert "find the card"[start:end] == "card"


def test_what_exceeds_the_window_is_cut(fast: Int8Encoder) -> None:
    long = "word " * 1000
    assert fast.lengths([long]) == [1002]
    pieces, rows = fast.read([long])[0]
    assert len(pieces) == len(rows) == 256
    assert np.isfinite(fast.encode([long], "query")).all()


def test_running_it_imports_neither_torch_nor_transformers() -> None:
    code = (
        "import sys, django; django.setup()\n"
        "from documents.embedding import model_files\n"
        "from documents.embedding.loader import open_encoder\n"
        "from django.conf import settings\n"
        f"path = model_files.locate_model({DEFAULT!r})\n"
        f"open_encoder({DEFAULT!r}, path, 'int8', settings.INT8_CACHE_DIR).encode(['a'], 'query')\n"
        "sys.exit(', '.join({'torch', 'transformers', 'onnx'} & set(sys.modules)) or 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_an_int8_form_is_made_once_though_several_ask_at_once(tmp_path: Path) -> None:
    source, kept_in = tiny_models.encoder(tmp_path / "tiny"), tmp_path / "kept"
    found: list[Any] = []
    asking = [
        threading.Thread(
            target=lambda: found.append(model_cache.obtain_converted("encoder", source, kept_in))
        )
        for _ in range(2)
    ]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()
    assert found[0] == found[1]
    assert found[0].about["agreement"] > 0.97
    assert found[0].folder.name.startswith(model_cache.weights_digest(source))
    assert not list(kept_in.glob(".making-*"))
    made = found[0].model.stat().st_mtime_ns
    again = model_cache.obtain_converted("encoder", source, kept_in)
    assert again and again.model.stat().st_mtime_ns == made


def test_a_model_of_unknown_build_runs_in_torch_and_is_not_tried_again(tmp_path: Path) -> None:
    from sentence_transformers.sentence_transformer.modules import Dense

    source = tiny_models.encoder(tmp_path / "dense", Dense(32, 16))
    encoder = open_encoder("dense", str(source), "int8", tmp_path)
    assert isinstance(encoder, Encoder)
    assert encoder.identity.dimensions == 16
    (manifest,) = tmp_path.glob("*-encoder-int8-*/manifest.json")
    assert "Dense" in manifest.read_text()
    before = manifest.stat().st_mtime_ns
    assert model_cache.obtain_converted("encoder", source, tmp_path) is None
    assert manifest.stat().st_mtime_ns == before


def test_a_folder_that_holds_no_model_is_reported_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(ModelUnavailable, match="cannot be loaded"):
        open_encoder("broken", str(tmp_path), "torch", tmp_path)
    with pytest.raises(ModelUnavailable, match="cannot be loaded"):
        open_cross_encoder(str(tmp_path / "missing"), "torch", tmp_path)


def test_a_bi_encoder_is_not_taken_for_a_cross_encoder(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="is no cross-encoder"):
        open_cross_encoder(model_files.locate_model(DEFAULT), "int8", tmp_path)


def test_torch_is_taken_where_it_is_asked_for(tmp_path: Path) -> None:
    assert not backend.wants_int8("torch")
    assert backend.wants_int8("int8")
    encoder = open_encoder(DEFAULT, model_files.locate_model(DEFAULT), "torch", tmp_path)
    assert encoder.identity.precision == "float32"
    assert not list(tmp_path.iterdir())


@pytest.mark.django_db
def test_an_index_built_in_float_goes_on_in_float(settings: Any, exact: Encoder) -> None:
    settings.INFERENCE_BACKEND = "auto"
    row = EmbeddingSpace.objects.create(**exact.identity.fields())
    spaces.activate_if_none(row)
    assert registry.active_model().encoder.identity.precision == "float32"
    assert [model.encoder.identity.precision for model in registry.write_models()] == ["float32"]
    settings.INFERENCE_BACKEND = "int8"  # asked for by name: the other space is built beside it
    precisions = [model.encoder.identity.precision for model in registry.write_models()]
    assert precisions[0] == "float32"


@pytest.fixture(scope="module")
def pairs_source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_models.cross_encoder(tmp_path_factory.mktemp("models") / "cross")


def test_a_cross_encoder_scores_pairs_as_torch_does(pairs_source: Path, tmp_path: Path) -> None:
    fast = open_cross_encoder(str(pairs_source), "int8", tmp_path)
    exact = open_cross_encoder(str(pairs_source), "torch", tmp_path)
    assert isinstance(fast, Int8CrossEncoder)
    assert isinstance(exact, TorchCrossEncoder)
    assert fast.fingerprint != exact.fingerprint
    ours, theirs = fast.score("library card", TEXTS), exact.score("library card", TEXTS)
    # So small a model, of random weights, feels rounding more than one that has learnt something.
    assert np.corrcoef(ours, theirs)[0, 1] > 0.85
    long = "a question that goes on and on " * 200
    for model in (fast, exact):
        assert model.reads_whole("library card")
        assert not model.reads_whole(long)
        assert np.isfinite(model.score(long, TEXTS)).all()
        assert np.isfinite(model.score("", TEXTS)).all()
        assert model.score("library card", []) == []


def test_a_cross_encoder_scores_the_same_when_its_last_layer_works_for_one_token(
    tmp_path: Path,
) -> None:
    import torch
    from transformers import AutoModelForSequenceClassification

    from documents.inference.cls_only_layer import FirstTokenLayer, keep_first_token

    source = tiny_models.untaught_cross_encoder(tmp_path)
    model = AutoModelForSequenceClassification.from_pretrained(source, attn_implementation="eager")
    ids = torch.randint(1000, 20_000, (3, 40))
    mask = torch.ones_like(ids)
    mask[1, 25:] = 0
    with torch.no_grad():
        before = model(input_ids=ids, attention_mask=mask).logits
        keep_first_token(model)
        after = model(input_ids=ids, attention_mask=mask).logits
    assert isinstance(model.bert.encoder.layer[-1], FirstTokenLayer)
    assert torch.allclose(before, after, atol=1e-5)
