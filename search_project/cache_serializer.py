"""How the cache writes its values: as compressed JSON, never as pickles.

Django's own serializer unpickles whatever stands in Redis, so that whoever can write there can run
code in the web server.
"""

import json
import zlib
from typing import Any


class JSONCacheSerializer:
    """For `CACHES[...]["OPTIONS"]["serializer"]`. Tuples come back as lists."""

    def dumps(self, value: Any) -> int | bytes:
        """Whole numbers as they are, since Redis counts with them. Raises TypeError or ValueError
        for what JSON cannot say."""
        if type(value) is int:
            return value
        return zlib.compress(json.dumps(value, allow_nan=False, separators=(",", ":")).encode(), 1)

    def loads(self, data: bytes) -> Any:
        """What was written; None, as if there were nothing, where it was written in another way."""
        try:
            return int(data)
        except ValueError:
            pass
        try:
            return json.loads(zlib.decompress(data))
        except (zlib.error, ValueError, RecursionError):
            return None
