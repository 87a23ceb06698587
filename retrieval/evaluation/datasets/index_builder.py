"""Ingestion of a collection into an evaluation database, in this process."""

import hashlib
import io
import json
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

from documents.embedding import ModelUnavailable, configured_model
from documents.ingestion.pipeline import ingest
from documents.library import add_file, add_text, reindex_documents, save_collection
from documents.models import Collection, Document
from documents.models.ranking_settings import WEIGHT_FIELDS
from retrieval import tasks
from retrieval.evaluation.datasets.beir import CorpusDocument
from retrieval.evaluation.threads import run_in_threads
from retrieval.live_index import drop_live_index, live_index, snapshot_folder
from retrieval.models import IndexIdentity

EVALUATION_COLLECTION = "evaluation"
MARKDOWN = "md"  # the format of a corpus's texts that have headings
# Each thread ingests one document; together their passages fill the encoder's batches.
THREADS = 12
ROUNDS = 5

# The packages that decide the passages of a text with their vectors, and the terms of a passage.
TEXT_MODULES = (
    "documents.chunking",
    "documents.extraction",
    "documents.inference.token_vectors",
)
TERM_MODULES = (
    "retrieval.analysis.analyzer",
    "retrieval.analysis.stopwords",
    "retrieval.analysis.tokenizer",
    "retrieval.live_index.passage_entries",
)

Progress = Callable[[], None]


class Corpus(Protocol):
    """The documents to index: a test collection, or passages from which negatives are mined."""

    @property
    def name(self) -> str: ...

    def documents(self) -> Iterator[CorpusDocument]: ...


@dataclass(frozen=True)
class Recipe:
    """The inputs that decide the index of a collection, apart from the models."""

    chunk_tokens: int
    chunk_overlap: int
    language: str = "en"


@dataclass(frozen=True)
class FilledIndex:
    """`added` of the `indexed` documents are new. `failed` ones are not in the index; `problem` is
    the error of the first of them."""

    indexed: int
    added: int
    failed: int
    problem: str = ""


def recipe_fingerprint(corpus: str, recipe: Recipe) -> tuple[str, dict[str, Any]]:
    """A hash of all inputs that decide the content of the database, and their description."""
    try:
        identity = configured_model().encoder.identity.fields()
    except ModelUnavailable:
        identity = {"model": "none"}
    about = {"corpus": corpus[:12], **asdict(recipe), "space": identity}
    text = _source_hash(TEXT_MODULES)
    name_free = {key: value for key, value in identity.items() if key != "model"}
    parts = json.dumps([corpus, asdict(recipe), name_free, text], sort_keys=True)
    return hashlib.sha256(parts.encode()).hexdigest(), about


def fill_index(dataset: Corpus, recipe: Recipe, progress: Progress) -> FilledIndex:
    """Index every document that is not indexed yet; an interrupted call can be continued.

    The external id is the id in the dataset, so equal texts stay two documents. A document without
    title and text is left out. `progress` is called once for each document.
    """
    collection = _collection(dataset, recipe)
    left_over = Document.objects.exclude(state=Document.State.INDEXED)
    reindex_documents(left_over.exclude(state=Document.State.FAILED), enqueue=False)
    done = set(_documents(state=Document.State.INDEXED).values_list("external_id", flat=True))

    def add(document: CorpusDocument) -> None:
        if not document.empty and document.id not in done:
            _add(collection, document)
        progress()

    run_in_threads(dataset.documents(), add, THREADS)
    for _ in range(ROUNDS):
        again = list(_documents(state=Document.State.QUEUED).values_list("pk", flat=True))
        run_in_threads(again, lambda pk: ingest(str(pk)), THREADS)
    failed = _documents(state=Document.State.FAILED)
    first = failed.first()
    indexed = _documents(state=Document.State.INDEXED).count()
    return FilledIndex(
        indexed=indexed,
        added=indexed - len(done),
        failed=failed.count(),
        problem=first.error if first else "",
    )


def prepare_index(folder: Path) -> None:
    """Build the vector index and write a snapshot of the lexical index, as the tasks do. Fields
    weigh what they do in a new collection."""
    version = _source_hash(TERM_MODULES)
    kept = folder / "analysis"
    if not kept.is_file() or kept.read_text(encoding="utf-8") != version:
        identity = IndexIdentity.objects.get_or_create(singleton=True)[0]
        shutil.rmtree(snapshot_folder(identity), ignore_errors=True)
        drop_live_index()
        kept.write_text(version, encoding="utf-8")
    tasks.compact()
    new = Collection()
    weigh_fields({name: getattr(new, name) for name in WEIGHT_FIELDS})


def weigh_fields(weights: Mapping[str, Any]) -> None:
    """Give the collection these weights of fields, and index its words accordingly."""
    collection = Collection.objects.get(slug=EVALUATION_COLLECTION)
    for name, value in weights.items():
        setattr(collection, name, value)
    collection.clean()
    save_collection(collection, None)
    live_index().refresh()


def external_ids() -> dict[str, str]:
    """Document id in the database → id in the dataset."""
    return {str(pk): key for pk, key in _documents().values_list("pk", "external_id")}


def _documents(**conditions: Any) -> Any:
    return Document.objects.filter(collection__slug=EVALUATION_COLLECTION, **conditions).order_by(
        "external_id"
    )


def _collection(dataset: Corpus, recipe: Recipe) -> Collection:
    fields = {
        "name": dataset.name,
        "language": recipe.language,
        "visibility": Collection.Visibility.PUBLIC,
        "chunk_tokens": recipe.chunk_tokens,
        "chunk_overlap": recipe.chunk_overlap,
    }
    return Collection.objects.get_or_create(slug=EVALUATION_COLLECTION, defaults=fields)[0]


def _add(collection: Collection, document: CorpusDocument) -> None:
    """Add a document. It has no title if the dataset gives none, as titles are indexed.

    A document with only a title has it as its text.
    """
    title = document.title if document.text.strip() else ""
    name = title if title.strip() else document.id
    text = document.text if document.text.strip() else document.title
    options: dict[str, Any] = {"external_id": document.id, "enqueue": False}
    if document.format == MARKDOWN:
        data = io.BytesIO(text.encode())
        result = add_file(collection, data, f"{name}.{MARKDOWN}", title=name, **options)
    else:
        result = add_text(collection, name, text, **options)
    if not title.strip():
        Document.objects.filter(pk=result.document.pk).update(title="")
    ingest(str(result.document.pk))


def _source_hash(modules: Sequence[str]) -> str:
    """A hash of the code that makes texts, passages and terms.

    Raises ModuleNotFoundError for a module that was moved.
    """
    digest = hashlib.sha256()
    for name in modules:
        found = find_spec(name)
        if found is None or found.origin is None:
            raise ModuleNotFoundError(name)
        source = Path(found.origin)
        package = source.name == "__init__.py"
        for module in sorted(source.parent.rglob("*.py")) if package else [source]:
            digest.update(module.read_bytes())
    return digest.hexdigest()
