"""A seccomp filter: system calls that reading a file never needs are refused.

Above all no new socket (pairs of a process's own remain), nothing that reaches into other
processes or leaves the group in which the reader is ended, no namespaces, and none of the parts of
the kernel in which holes were found most often. It needs no rights and works in containers.
"""

import ctypes
import errno
import os
import struct

from documents.sandbox.system import address_of, prctl

PR_SET_SECCOMP = 22
SECCOMP_MODE_FILTER = 2

# Where the filter finds things in what the kernel hands it.
NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16
LOAD, IF_EQUAL, IF_AT_LEAST, IF_ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
ALLOW, KILL, ERROR = 0x7FFF0000, 0x80000000, 0x00050000
X32 = 0x40000000
NEW_NAMESPACES = 0x7E020000

# Each machine's name for the audit system, and its numbers of the calls (x86-64, arm64).
MACHINES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}
REFUSED = {
    "socket": (41, 198), "ptrace": (101, 117), "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271), "pidfd_getfd": (438, 438), "kcmp": (312, 272),
    "setsid": (112, 157), "setpgid": (109, 154),
    "unshare": (272, 97), "setns": (308, 268), "mount": (165, 40), "umount2": (166, 39),
    "pivot_root": (155, 41), "chroot": (161, 51), "open_tree": (428, 428),
    "move_mount": (429, 429), "fsopen": (430, 430), "mount_setattr": (442, 442),
    "open_by_handle_at": (304, 265),
    "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
    "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219),
    "init_module": (175, 105), "finit_module": (313, 273), "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
}  # fmt: skip
CLONE, CLONE3 = (56, 220), (435, 435)


def refuse_calls() -> None:
    """For this process and its children, for good. Raises OSError where that is not to be had."""
    program = _program(os.uname().machine)
    code = ctypes.create_string_buffer(program, len(program))
    # struct sock_fprog: the number of instructions, and where they are.
    prctl(
        PR_SET_SECCOMP, SECCOMP_MODE_FILTER, struct.pack("@HP", len(program) // 8, address_of(code))
    )


def _program(machine: str) -> bytes:
    if machine not in MACHINES:
        raise OSError(f"There is no filter for {machine}.")
    name, at = MACHINES[machine]
    lines = [
        _line(LOAD, ARCHITECTURE),
        _line(IF_EQUAL, name, yes=1),
        _line(RETURN, KILL),
        _line(LOAD, NUMBER),
        _line(IF_AT_LEAST, X32, no=1),
        _line(RETURN, ERROR | errno.EPERM),
    ]
    for numbers in REFUSED.values():
        lines += [_line(IF_EQUAL, numbers[at], no=1), _line(RETURN, ERROR | errno.EPERM)]
    # Its arguments cannot be looked at; libraries then use the call before it.
    lines += [_line(IF_EQUAL, CLONE3[at], no=1), _line(RETURN, ERROR | errno.ENOSYS)]
    lines += [
        _line(IF_EQUAL, CLONE[at], no=3),
        _line(LOAD, FIRST_ARGUMENT),
        _line(IF_ANY_BIT, NEW_NAMESPACES, no=1),
        _line(RETURN, ERROR | errno.EPERM),
        _line(RETURN, ALLOW),
    ]
    return b"".join(lines)


def _line(code: int, value: int, *, yes: int = 0, no: int = 0) -> bytes:
    """One instruction; a jump passes over so many others where its condition is met, or not."""
    return struct.pack("=HBBI", code, yes, no, value)
