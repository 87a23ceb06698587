"""The arrays of the lexical index, all C-contiguous, and how loops over them are compiled.

`cache=True` keeps the machine code in NUMBA_CACHE_DIR, which must be set before this module is
imported. The loops release the GIL. Arrays that are only read must be read-only (`readonly`),
so that every caller compiles to, and warms up, the same signature.
"""

from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Hashes = NDArray[np.uint64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

compiled = numba.njit(cache=True, nogil=True)


def readonly(array: NDArray[Any]) -> NDArray[Any]:
    """A read-only, contiguous view (or copy, where it must be) of `array`."""
    view = np.ascontiguousarray(array).view()
    view.flags.writeable = False
    return view


def frozen(array: NDArray[Any]) -> NDArray[Any]:
    """The same array, contiguous and just made by the caller, from now on read-only."""
    array.flags.writeable = False
    return array
