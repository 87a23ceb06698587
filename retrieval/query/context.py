"""The context of one search: analysed terms, and the mask of passages that it may find."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from documents.embedding import Embedder, ModelUnavailable, model_of_space
from documents.models import EmbeddingSpace
from retrieval.analysis import IDENTIFIER_MARK, analyzed_terms, identifier_terms, language_code
from retrieval.lexical import BM25Index, Bools, Phrase, VisibleStats, readonly
from retrieval.query.document_mask import DocumentMask
from retrieval.query.filters import Filters
from retrieval.query.parser import ParsedQuery
from retrieval.query.phrases import phrase_of
from retrieval.query.readable import reads_script_of, reads_words_of, tags_read
from retrieval.query.restriction import MOST_IDS, Restriction
from retrieval.query.synonyms import SynonymRules, Synonyms
from retrieval.query.terms import QueryTerms, query_terms
from retrieval.query.word_index import WordIndex
from retrieval.trace import SearchTrace

LONGEST_TITLE = 500  # characters of a query that may be one
# The weight of a stop word; rare words have 5 to 10.
STOP_WORD = 0.5


@dataclass(frozen=True)
class SearchContext:
    """The values that all stages of one search share, resolved once before the first stage.

    `space` is the embedding space that was live then, None where there was none: the query is
    embedded for it, and it alone is searched and scored, though another becomes live meanwhile.
    `visible` holds the statistics of all passages that the caller may see, by which words weigh.
    `allowed` is a mask (bool, (passages,)) over the index's passage numbers, true where a search
    may look; `passing` says how many those are. `by_columns` is how many the filters' columns let
    pass, None where these say all. `incomplete` says that more may pass than was looked at. `rules`
    are the lists of synonyms that apply."""

    query: ParsedQuery
    index: BM25Index
    filters: Filters
    terms: QueryTerms
    exact: tuple[str, ...]
    visible: VisibleStats
    allowed: Bools
    passing: int
    space: EmbeddingSpace | None = None
    by_columns: int | None = None
    incomplete: bool = False
    trace: SearchTrace = field(default_factory=SearchTrace)
    rules: tuple[SynonymRules, ...] = ()

    @classmethod
    def of(
        cls,
        query: ParsedQuery,
        filters: Filters,
        index: BM25Index,
        space: EmbeddingSpace | None = None,
        trace: SearchTrace | None = None,
        *,
        rules: tuple[SynonymRules, ...] = (),
    ) -> "SearchContext":
        """Turn filters, phrases and exclusions into one mask. The languages are those of the
        documents that the caller may see."""
        filters = with_document_languages(filters, index)
        mask = DocumentMask(filters, index)
        by_columns = mask.allowed
        mask.apply(query)
        words = WordIndex(index, mask.visible, filters.languages)
        narrowed = mask.allowed is not by_columns
        trace = trace or SearchTrace()
        for notice in (*query.notices, *mask.warnings):
            trace.notice(notice)
        return cls(
            query=query,
            index=index,
            filters=filters,
            terms=replace(
                query_terms(
                    query.text,
                    filters.languages,
                    words,
                    query.patterns,
                    Synonyms(rules, query.written),
                ),
                phrases=tuple(_required_phrases(query, filters.languages)),
            ),
            exact=tuple(identifier_terms(query.text)),
            visible=mask.visible,
            allowed=mask.allowed,
            passing=int(np.count_nonzero(mask.allowed)),
            space=space,
            by_columns=int(np.count_nonzero(by_columns)) if narrowed else None,
            incomplete=mask.incomplete,
            trace=trace,
            rules=rules,
        )

    def within(self, filters: Filters) -> "SearchContext":
        """The same query, rules, index state and space, with other filters."""
        return SearchContext.of(self.query, filters, self.index, self.space, rules=self.rules)

    @property
    def may_lack_some(self) -> bool:
        """Whether more documents may match than were found until now."""
        return self.incomplete or self.trace.gave_up

    def model(self) -> Embedder:
        """The model that the vectors of `space` come from. Raises ModelUnavailable."""
        return model_of_space(self.space)

    @cached_property
    def restriction(self) -> Restriction:
        """The mask for a retriever outside the index: columns alone if they decide everything, the
        passages themselves if they are few, else columns and the mask."""
        if self.by_columns is None:
            return Restriction(self.filters)
        if self.passing <= MOST_IDS:
            return Restriction(self.filters, ids=self.index.passage_ids(self.allowed).tolist())
        return Restriction(
            self.filters,
            admits=lambda ids: self.index.allowed(self.allowed, ids),
            candidates=self.by_columns,
            passing=self.passing,
        )

    @cached_property
    def model_languages(self) -> frozenset[str]:
        """The languages of the model of `space`, none where all may be its."""
        try:
            return self.model().languages if self.space else frozenset()
        except ModelUnavailable:
            return frozenset()

    @cached_property
    def query_is_readable(self) -> bool:
        """Whether the model reads the query, as far as its script and its function words in the
        languages of the documents say."""
        text, languages = self.query.text, self.model_languages
        return reads_script_of(text, languages) and reads_words_of(
            text, languages, self.filters.languages
        )

    def readable(self, passage_ids: Sequence[int]) -> list[bool]:
        """Of each passage whether the model reads both the query and the document's language, so
        that the cosine tells something."""
        if not self.model_languages:
            return [True] * len(passage_ids)
        if not self.query_is_readable:
            return [False] * len(passage_ids)
        tags = map(str, self.index.values("language", self.filters.visible_columns))
        mask = self.index.mask({"language": tags_read(tags, self.model_languages)})
        found: list[bool] = self.index.allowed(mask, passage_ids).tolist()
        return found

    @cached_property
    def titled(self) -> Bools:
        """Where the documents are whose title or file name is the whole query."""
        text, like = self.query.text, self.filters.like
        phrase = None
        if not like and len(text) <= LONGEST_TITLE:
            phrase = phrase_of(text, self.filters.languages)
        if phrase is None:
            return readonly(np.zeros(len(self.allowed), np.bool_))
        return self.index.named(phrase, self.allowed)

    def identifiers_held(self, passage_ids: Sequence[int]) -> Mapping[int, int]:
        """How many of the query's exact identifiers each passage has."""
        held: dict[int, int] = {}
        for term in self.exact:
            for passage, holds in zip(
                passage_ids, self.index.contains([term], passage_ids), strict=True
            ):
                held[passage] = held.get(passage, 0) + holds
        return held

    def weigh(self, words: Sequence[str]) -> list[float]:
        """The weights of words of the query: their idf, and a little for stop words."""
        languages = self.filters.languages
        by_word = [_terms(word, languages) for word in words]
        every = list(dict.fromkeys(term for found in by_word for term in found))
        idf = dict(zip(every, self.index.idfs(every, self.visible), strict=True)) if every else {}
        stop = [STOP_WORD if any(map(str.isalnum, word)) else 0.0 for word in words]
        return [
            max([least, *(idf[term] for term in found)])
            for found, least in zip(by_word, stop, strict=True)
        ]


def _required_phrases(query: ParsedQuery, languages: Iterable[str]) -> Iterator[Phrase]:
    """Those of several words."""
    for text in (text for alternatives in query.required for text in alternatives):
        phrase = None if "*" in text else phrase_of(text, languages)
        if phrase and max(map(len, phrase.variants)) > 1:
            yield phrase


def with_document_languages(filters: Filters, index: BM25Index) -> Filters:
    """The filters with the languages of all documents that their caller may see."""
    tags = {str(tag) for tag in index.values("language", filters.visible_columns)}
    return replace(filters, languages=tuple(sorted(tags | {*filters.languages})))


def _terms(text: str, languages: Iterable[str]) -> list[str]:
    """The query's terms in each language; identifiers, which have no language, count once."""
    found: list[str] = []
    for language in dict.fromkeys(map(language_code, languages)):
        seen = set(found)
        found += [
            t
            for t in analyzed_terms(text, language)
            if not (t.startswith(IDENTIFIER_MARK) and t in seen)
        ]
    return found
