"""Candidates for negatives, from the product's hybrid search."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from documents.chunking import indexed_text
from documents.models import Collection, Passage
from retrieval.evaluation.datasets import beir, databases, index_builder
from retrieval.evaluation.datasets.beir import CorpusDocument
from retrieval.evaluation.datasets.index_builder import Progress, Recipe
from retrieval.query import Filters, ParsedQuery
from retrieval.ranking import default_options, rank
from retrieval.training.data.hard_negatives import Candidate
from retrieval.training.data.rows import CorpusPassage, read_passages
from retrieval.training.errors import TrainingError


@dataclass(frozen=True)
class PassageCorpus:
    """Files of passages, each indexed as a document. Raises TrainingError for a missing file."""

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

    def _read(self) -> Iterator[CorpusPassage]:
        return read_passages(self.paths)


@dataclass(frozen=True)
class CandidateSearch:
    """Ranks passages by the settings of the installation, without reranking.

    `ids` maps a document's id to its id in the rows; `sections` has the section of each passage.
    Without sections, a document is a section.
    """

    filters: Filters
    ids: Mapping[str, str]
    sections: Mapping[str, str]

    def ranking(self, query: str) -> list[Candidate]:
        """Documents by their best passage, best first."""
        options = replace(default_options(), rerank=False)
        documents = rank(ParsedQuery(text=query), self.filters, options).documents
        texts = _texts([document.passages[0].passage_id for document in documents])
        found = []
        for document in documents:
            best_id = document.passages[0].passage_id
            if best_id in texts:
                passage = self.ids.get(document.document_id, document.document_id)
                section = self.sections.get(passage, passage)
                found.append(Candidate(passage, section, *texts[best_id], document.fused))
        return found


def live_candidates() -> CandidateSearch:
    """A search over everything that is indexed."""
    rows = list(Collection.objects.values_list("pk", "language"))
    languages = tuple(sorted({language for _, language in rows}))
    return CandidateSearch(Filters(frozenset(pk for pk, _ in rows), languages), {}, {})


def size_and_fingerprint(
    passages: PassageCorpus, recipe: Recipe
) -> tuple[int, str, dict[str, Any]]:
    """The number of passages, a hash of all inputs of their index, and the description of these."""
    corpus, size = beir.corpus_fingerprint(passages.documents())
    fingerprint, about = index_builder.recipe_fingerprint(corpus, recipe)
    return size, fingerprint, about


@contextmanager
def indexed(
    passages: PassageCorpus,
    recipe: Recipe,
    fingerprint: str,
    about: Mapping[str, Any],
    tick: Progress,
) -> Iterator[CandidateSearch]:
    """The passages, indexed in a database of their own for reuse; `tick` is called for each."""
    name = databases.name_for(passages.name, fingerprint)
    with databases.switched_to(name, about) as folder:
        filled = index_builder.fill_index(passages, recipe, tick)
        if filled.failed:
            raise TrainingError(f"{filled.failed} passages were not indexed: {filled.problem}")
        index_builder.prepare_index(folder)
        collection = Collection.objects.get(slug=index_builder.EVALUATION_COLLECTION)
        filters = Filters(frozenset({collection.pk}), (recipe.language,))
        yield CandidateSearch(filters, index_builder.external_ids(), passages.sections)


def _texts(passages: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Passage → its indexed text, and its own words."""
    rows = Passage.objects.filter(pk__in=passages).select_related("document")
    return {c.pk: (indexed_text(c.document.title, c.headings, c.text), c.text) for c in rows}
