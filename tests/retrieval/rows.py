"""Published passages without a model, and contexts over a few of them: for tests of one step."""

from collections.abc import Mapping

from documents.models import Collection, Document, Passage
from retrieval.analysis.analyzer import analyze_text
from retrieval.hits import DocumentEntry, PassageEntry
from retrieval.lexical import BM25Index
from retrieval.query.context import SearchContext
from retrieval.query.filters import Filters
from retrieval.query.parser import ParsedQuery


def passages(collection: Collection, title: str, *texts: str, version: int = 1) -> list[int]:
    """The ids of the passages of a new document, published as its `version`."""
    document = Document.objects.create(
        collection=collection,
        external_id=title,
        title=title,
        type="txt",
        state="indexed",
        version=version,
    )
    passages = Passage.objects.bulk_create(
        Passage(document=document, version=1, ordinal=n, text=text, start=0, end=len(text))
        for n, text in enumerate(texts)
    )
    return [passage.pk for passage in passages]


def passage_entry(pk: int, text: str, language: str = "en") -> PassageEntry:
    """A passage without headings, of a document without title and file name."""
    own = analyze_text(text, language)
    return PassageEntry(pk, own.terms, own.surfaces, own.words, own_words=own.width)


def context(
    query: str, *collections: Collection, texts: Mapping[int, str] | None = None
) -> SearchContext:
    """A search for `query`, in an index of `texts` by passage, each a document of its own."""
    entries = [
        (
            DocumentEntry(str(pk), {"collection": 1, "type": "txt"}),
            [passage_entry(pk, text)],
        )
        for pk, text in (texts or {}).items()
    ]
    filters = Filters(frozenset(row.pk for row in collections) or frozenset([1]), ("en",))
    index = BM25Index.build(entries)
    return SearchContext.of(ParsedQuery(query), filters, index)
