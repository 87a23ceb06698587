"""Landlock: a process gives up all files, all TCP and other processes, but what is listed.

It needs no rights, works in containers, and lasts for the process and its children
(https://docs.kernel.org/userspace-api/landlock.html).
"""

import os
import stat
import struct
from collections.abc import Iterable
from pathlib import Path

from documents.sandbox.system import syscall

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
VERSION = 1
PATH_BENEATH = 1

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
TRUNCATE = 1 << 14
FOR_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE
READ = EXECUTE | READ_FILE | READ_DIR
# How many rights on files each version of the interface knows.
FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
TCP_FROM, TCP = 4, 0b11  # listening and connecting
SCOPES_FROM, SCOPES = 6, 0b11  # abstract Unix sockets and signals of others


def landlock_version() -> int:
    """0 where the kernel has no Landlock, or it is switched off."""
    try:
        return syscall(CREATE_RULESET, None, 0, VERSION)
    except OSError:
        return 0


def restrict_files(readable: Iterable[Path], writable: Iterable[Path]) -> None:
    """From now on only these paths and what is below can be opened; `readable` also executed.

    Paths that do not exist are passed over. Raises OSError where there is no Landlock.
    """
    version = landlock_version()
    if not version:
        raise OSError("The kernel has no Landlock.")
    every = (1 << FILE_RIGHTS.get(version, 16)) - 1
    attributes = struct.pack(
        "=QQQ",
        every,
        TCP if version >= TCP_FROM else 0,
        SCOPES if version >= SCOPES_FROM else 0,
    )
    ruleset = syscall(CREATE_RULESET, attributes, len(attributes), 0)
    try:
        for paths, rights in ((readable, READ), (writable, every & ~EXECUTE)):
            for path in paths:
                _allow(ruleset, path, rights & every)
        syscall(RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: Path, rights: int) -> None:
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not stat.S_ISDIR(os.fstat(descriptor).st_mode):
            rights &= FOR_FILES
        syscall(ADD_RULE, ruleset, PATH_BENEATH, struct.pack("=Qi", rights, descriptor), 0)
    finally:
        os.close(descriptor)
