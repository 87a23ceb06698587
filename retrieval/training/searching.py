"""The product's own hybrid search, as the source of candidates for negatives."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from documents.models import Chunk, Collection
from documents.passages import indexed_text
from retrieval import engine
from retrieval.evaluation import beir, databases, indexing
from retrieval.evaluation.beir import CorpusDocument
from retrieval.evaluation.indexing import Progress, Recipe
from retrieval.filters import Filters
from retrieval.query import Query
from retrieval.training.errors import TrainingError
from retrieval.training.negatives import Found
from retrieval.training.rows import Passage, read_passages


@dataclass(frozen=True)
class Passages:
    """Files of passages, each a document to the index. Raises TrainingError where none is there."""

    paths: Sequence[Path]
    name: str = "training"
    sections: Mapping[str, str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        sections: dict[str, str] = {}
        for passage in self._read():
            if passage.id in sections:
                raise TrainingError(f"The id {passage.id} stands for two passages.")
            sections[passage.id] = passage.section
        if not sections:
            raise TrainingError("The files hold no passage.")
        object.__setattr__(self, "sections", sections)

    def documents(self) -> Iterator[CorpusDocument]:
        for passage in self._read():
            yield CorpusDocument(passage.id, passage.title, passage.text)

    def _read(self) -> Iterator[Passage]:
        return read_passages(self.paths)


@dataclass(frozen=True)
class Search:
    """Ranks passages by the settings of the product, without reranking.

    `ids` translate a document's id where it has another in the rows; `sections` are by passage.
    Where there are none, a document is a section.
    """

    filters: Filters
    ids: Mapping[str, str]
    sections: Mapping[str, str]

    def ranking(self, query: str) -> list[Found]:
        """Documents by their best passage, best first."""
        options = replace(engine.default_options(), rerank=False)
        documents = engine.search(Query(text=query), self.filters, options).documents
        texts = _texts([document.passages[0].chunk_id for document in documents])
        found = []
        for document in documents:
            chunk = document.passages[0].chunk_id
            if chunk in texts:
                passage = self.ids.get(document.document_id, document.document_id)
                section = self.sections.get(passage, passage)
                found.append(Found(passage, section, *texts[chunk], document.fused))
        return found


def live() -> Search:
    """Over everything that is indexed."""
    rows = list(Collection.objects.values_list("pk", "language"))
    languages = tuple(sorted({language for _, language in rows}))
    return Search(Filters(frozenset(pk for pk, _ in rows), languages), {}, {})


def size_and_fingerprint(passages: Passages, recipe: Recipe) -> tuple[int, str, dict[str, Any]]:
    """How many passages there are, a hash of all that decides their index, and what that is."""
    corpus, size = beir.fingerprint(passages.documents())
    fingerprint, about = indexing.fingerprint(corpus, recipe)
    return size, fingerprint, about


@contextmanager
def indexed(
    passages: Passages, recipe: Recipe, fingerprint: str, about: Mapping[str, Any], tick: Progress
) -> Iterator[Search]:
    """The passages in a database of their own, kept and used again; `tick` is called for each."""
    name = databases.name_for(passages.name, fingerprint)
    with databases.switched_to(name, about) as folder:
        filled = indexing.fill(passages, recipe, tick)
        if filled.failed:
            raise TrainingError(f"{filled.failed} passages were not indexed: {filled.problem}")
        indexing.prepare_index(folder)
        collection = Collection.objects.get(slug=indexing.SLUG)
        filters = Filters(frozenset({collection.pk}), (recipe.language,))
        yield Search(filters, indexing.ids(), passages.sections)


def _texts(chunks: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Chunk → what models read of it, and its own words."""
    rows = Chunk.objects.filter(pk__in=chunks).select_related("document")
    return {c.pk: (indexed_text(c.document.title, c.headings, c.text), c.text) for c in rows}
