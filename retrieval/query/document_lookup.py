"""Documents that the database finds, as keys from which the lexical index makes masks.

A result is one value of any size.
"""

import numpy as np
from django.db.models import Aggregate, BinaryField, QuerySet

from documents.models import Document
from retrieval.lexical import Hashes, document_keys


class PackedIds(Aggregate):
    """The UUIDs of all rows, 16 bytes each, end to end; null for no rows."""

    function = "string_agg"
    template = "%(function)s(uuid_send(%(expressions)s), ''::bytea)"
    output_field = BinaryField()


def keys_of(documents: QuerySet[Document]) -> Hashes:
    """The `document_key` of each of the documents."""
    packed = documents.order_by().aggregate(ids=PackedIds("pk"))["ids"]
    return document_keys(bytes(packed)) if packed else np.empty(0, np.uint64)
