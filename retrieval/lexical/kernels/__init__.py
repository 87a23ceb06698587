"""Compiled inner loops of the lexical index."""

from retrieval.lexical.kernels.arrays import (
    Bools,
    Floats,
    Hashes,
    Ints,
    Longs,
    compiled,
    frozen,
    readonly,
)
from retrieval.lexical.kernels.counts import (
    document_frequencies,
    find_slices,
    frequencies,
    occurs,
    term_counts,
)
from retrieval.lexical.kernels.scores import accumulate, add_optional
from retrieval.lexical.kernels.selection import (
    at_least,
    best_of_each,
    group_documents,
    hold_words,
    ids_of,
    passages_of,
    select,
    sum_weights,
)

__all__ = [
    "Bools",
    "Floats",
    "Hashes",
    "Ints",
    "Longs",
    "accumulate",
    "add_optional",
    "at_least",
    "best_of_each",
    "compiled",
    "document_frequencies",
    "find_slices",
    "frequencies",
    "frozen",
    "group_documents",
    "hold_words",
    "ids_of",
    "occurs",
    "passages_of",
    "readonly",
    "select",
    "sum_weights",
    "term_counts",
]
