"""What the product keeps in a cache, as JSON."""

import json
from typing import Any


class JSONCacheSerializer:
    """For Django's Redis cache, which would pickle: then whoever can write to the server could run
    code in ours.

    `dumps` raises TypeError or ValueError for what JSON cannot say. A tuple comes back as a list.
    """

    def dumps(self, value: Any) -> bytes:
        return json.dumps(value, allow_nan=False, separators=(",", ":")).encode("ascii")

    def loads(self, data: bytes) -> Any:
        return json.loads(data)
