"""The serializer of cache values: compressed JSON, never pickles.

Django's own serializer unpickles values from Redis, so that anyone who can write to Redis can run
code in the web server.
"""

import json
import zlib
from typing import Any


class JSONCacheSerializer:
    """For `CACHES[...]["OPTIONS"]["serializer"]`. Tuples come back as lists."""

    def dumps(self, value: Any) -> int | bytes:
        """The value as compressed JSON; integers as they are, since Redis increments them. Raises
        TypeError or ValueError for values that JSON cannot represent."""
        if type(value) is int:
            return value
        return zlib.compress(json.dumps(value, allow_nan=False, separators=(",", ":")).encode(), 1)

    def loads(self, data: bytes) -> Any:
        """The value; None, as for a missing key, if it was written in another format."""
        try:
            return int(data)
        except ValueError:
            pass
        try:
            return json.loads(zlib.decompress(data))
        except (zlib.error, ValueError, RecursionError):
            return None
