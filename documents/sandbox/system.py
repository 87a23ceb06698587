"""Calls of the Linux kernel for which Python has no function, by ctypes."""

import ctypes
import os
import struct

_libc = ctypes.CDLL(None, use_errno=True)

PR_SET_KEEPCAPS = 8
PR_SET_NO_NEW_PRIVS = 38
SYS_CAPSET = {"x86_64": 126, "aarch64": 91}
CAPABILITY_VERSION_3 = 0x20080522
CAP_DAC_READ_SEARCH = 2


def syscall(number: int, *arguments: int | bytes | None) -> int:
    """The result of the call. Raises OSError."""
    given = [ctypes.c_long(one) if isinstance(one, int) else one for one in arguments]
    result = int(_libc.syscall(ctypes.c_long(number), *given))
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


def prctl(option: int, value: int, pointer: bytes | None = None) -> None:
    """Raises OSError."""
    second = pointer if pointer is not None else ctypes.c_ulong(0)
    zero = ctypes.c_ulong(0)
    if _libc.prctl(option, ctypes.c_ulong(value), second, zero, zero) < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def keep_capabilities(*kept: int) -> None:
    """Give up all capabilities but these, which this process must have. Raises OSError."""
    bits = sum(1 << one for one in kept)
    header = struct.pack("=Ii", CAPABILITY_VERSION_3, 0)
    # Effective, permitted and inheritable, the lower 32 and the higher.
    data = struct.pack("=6I", bits, bits, 0, 0, 0, 0)
    syscall(SYS_CAPSET[os.uname().machine], header, data)


def address_of(buffer: "ctypes.Array[ctypes.c_char]") -> int:
    return ctypes.addressof(buffer)
