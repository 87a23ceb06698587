"""Documents that the database finds, as keys from which the lexical index makes masks.

A result is one value of any size, and no statement runs longer than LOOKUP_MS.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from django.db import connection, transaction
from django.db.models import Aggregate, BinaryField, QuerySet
from django.db.utils import OperationalError
from psycopg.errors import QueryCanceled

from documents.models import Document
from retrieval.lexical import Hashes, document_keys

LOOKUP_MS = 3000


class LookupTimeout(Exception):
    """The database exceeded the time limit."""

    permanent = False


class PackedIds(Aggregate):
    """The UUIDs of all rows, 16 bytes each, end to end; null for no rows."""

    function = "string_agg"
    template = "%(function)s(uuid_send(%(expressions)s), ''::bytea)"
    output_field = BinaryField()


def keys_of(documents: QuerySet[Document]) -> Hashes:
    """The `document_key` of each of the documents. Raises LookupTimeout."""
    with time_limit(LOOKUP_MS):
        packed = documents.order_by().aggregate(ids=PackedIds("pk"))["ids"]
    return document_keys(bytes(packed)) if packed else np.empty(0, np.uint64)


@contextmanager
def time_limit(milliseconds: int) -> Iterator[None]:
    """Cancel each statement inside that takes longer. Raises LookupTimeout."""
    nested = connection.in_atomic_block
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = {int(milliseconds)}")
            yield
            if nested:  # else the limit ends with the transaction
                cursor.execute("SET LOCAL statement_timeout TO DEFAULT")
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            raise LookupTimeout from error
        raise
