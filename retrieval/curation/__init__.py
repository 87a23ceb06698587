"""What editors and administrators say of searches: synonyms, and results pinned to a query."""

from retrieval.curation.applied import NO_CURATION, Curation, curated_collections, curation_of
from retrieval.curation.pins import (
    MOST_PINS,
    PinError,
    move_pin,
    pin_document,
    pin_in,
    pin_of,
    pinned_form,
    pins_in,
    unpin,
)
from retrieval.curation.synonym_lists import (
    SYNONYMS_PERMISSION,
    SynonymsChanged,
    may_edit_installation,
    save_synonyms,
    stored_synonyms,
)
from retrieval.query import SynonymError

__all__ = [
    "MOST_PINS",
    "NO_CURATION",
    "SYNONYMS_PERMISSION",
    "Curation",
    "PinError",
    "SynonymError",
    "SynonymsChanged",
    "curated_collections",
    "curation_of",
    "may_edit_installation",
    "move_pin",
    "pin_document",
    "pin_in",
    "pin_of",
    "pinned_form",
    "pins_in",
    "save_synonyms",
    "stored_synonyms",
    "unpin",
]
