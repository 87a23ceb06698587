"""The labels of retrievers in the reader's language."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from retrieval.search import DenseRetriever, LexicalRetriever


@dataclass(frozen=True)
class RetrieverLabel:
    """`hint` says what a retriever compares, `unit` what its scores are."""

    title: str
    hint: str
    unit: str


def retriever_label(name: str) -> RetrieverLabel:
    """The label of a retriever, by default its name."""
    known = {
        LexicalRetriever.name: RetrieverLabel(
            _("Words"), _("Exact words and their forms (keyword search)"), _("score")
        ),
        DenseRetriever.name: RetrieverLabel(
            _("Meaning"),
            _("Passages that say something similar (semantic search)"),
            _("similarity"),
        ),
    }
    plain = name.replace("_", " ").capitalize()
    return known.get(name) or RetrieverLabel(plain, "", _("score"))
