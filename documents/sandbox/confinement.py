"""What a reader of files gives up before it reads the first: each as far as the system allows it.

The parent makes a `Confinement`, the child enters it.
"""

import contextlib
import os
import resource
import site
import stat
import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from documents.sandbox import landlock, seccomp, system

IS_LINUX = sys.platform == "linux"
# No account has this number: distributions and systemd leave 65520 to 65533 alone.
READER_UID = 65_521
PROCESSES, OPEN_FILES = 512, 256

# What libraries look at, besides themselves. Nothing here is secret, /etc least of all.
SYSTEM = (
    "/usr", "/bin", "/lib", "/lib32", "/lib64",
    "/etc/ld.so.cache", "/etc/localtime", "/etc/fonts", "/etc/alternatives", "/etc/nsswitch.conf",
    "/dev/null", "/dev/zero", "/dev/random", "/dev/urandom",
    "/proc/self", "/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/proc/sys/vm",
    "/sys/devices/system/cpu", "/sys/fs/cgroup",
)  # fmt: skip
# The only variables of the environment that a reader has, besides those of its own.
VARIABLES = ("LANG", "LC_ALL", "LC_CTYPE", "PATH", "TESSDATA_PREFIX", "TZ")


@dataclass(frozen=True)
class Confinement:
    """`sources` are where top-level modules that lie outside the environment are; `user` is 0
    where the caller's is kept; `passes_folders`: it needs a capability to reach its libraries."""

    scratch: str
    memory: int
    file_bytes: int
    user: int
    passes_folders: bool
    sources: dict[str, str]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @cached_property
    def readable(self) -> list[Path]:
        data = os.environ.get("TESSDATA_PREFIX")
        return [*map(Path, SYSTEM), *_environment(), *map(Path, self.sources.values()),
                *([Path(data)] if data else [])]  # fmt: skip

    def enter(self) -> list[str]:
        """Confine this process for good; returns in words what was not to be had."""
        missing: list[str] = []
        self._limit()
        if not IS_LINUX:
            return missing
        steps: dict[str, Callable[[], None]] = {
            "an account of its own": self._change_user,
            "no new privileges": lambda: system.prctl(system.PR_SET_NO_NEW_PRIVS, 1),
            "Landlock": self._restrict_files,
            "seccomp": seccomp.refuse_calls,
        }
        for name, step in steps.items():
            try:
                step()
            except (OSError, KeyError) as error:
                missing.append(f"{name} ({error})")
        return missing

    def _limit(self) -> None:
        limits = {
            resource.RLIMIT_CORE: 0,
            resource.RLIMIT_FSIZE: self.file_bytes,
            resource.RLIMIT_NOFILE: OPEN_FILES,
        }
        if IS_LINUX:
            limits[resource.RLIMIT_AS] = self.memory
        if self.user:  # those of a shared account would count with it
            limits[resource.RLIMIT_NPROC] = PROCESSES
        for kind, limit in limits.items():
            with contextlib.suppress(ValueError, OSError):  # there is a lower one already
                resource.setrlimit(kind, (limit, limit))

    def _change_user(self) -> None:
        if self.user:
            system.prctl(system.PR_SET_KEEPCAPS, 1)
            os.setgroups([])
            os.setresgid(self.user, self.user, self.user)
            os.setresuid(self.user, self.user, self.user)
        if self.user and self.passes_folders:
            system.keep_capabilities(system.CAP_DAC_READ_SEARCH)
            return
        system.keep_capabilities()
        if os.geteuid() == 0:
            raise OSError("no other could reach the libraries without Landlock")

    def _restrict_files(self) -> None:
        try:
            landlock.restrict_files(self.readable, [Path(self.scratch)])
        except OSError:
            system.keep_capabilities()
            raise


def confinement_for(
    scratch: str, memory: int, file_bytes: int, sources: dict[str, str]
) -> Confinement:
    """Where root starts the product, its readers have a user of their own. That user may be unable
    to pass a folder above the libraries: then it keeps the capability to do so, which Landlock
    makes harmless, and without Landlock the user stays."""
    user, passes_folders = 0, False
    if IS_LINUX and os.geteuid() == 0:
        needed = [Path(sys.executable), *_environment(), *map(Path, sources.values())]
        passes_folders = not all(map(_others_reach, [*needed, Path(scratch).parent]))
        user = READER_UID if not passes_folders or landlock.landlock_version() else 0
    return Confinement(scratch, memory, file_bytes, user, passes_folders, sources)


def source_paths() -> dict[str, str]:
    """Where the top-level modules are that this process has loaded from outside its environment."""
    roots = _environment()
    found = {}
    for name, module in list(sys.modules.items()):
        if "." in name or name.startswith("__"):
            continue  # a submodule may be any object, as torch.classes is
        places = [*(getattr(module, "__path__", None) or [getattr(module, "__file__", None)])]
        if not places or not places[0]:
            continue
        place = Path(str(places[0])).absolute()
        if place.exists() and not any(place.is_relative_to(root) for root in roots):
            found[name] = str(place)
    return found


def _environment() -> list[Path]:
    return [Path(one) for one in {sys.prefix, sys.base_prefix, site.getusersitepackages()}]


def _others_reach(path: Path) -> bool:
    """Whether any user may read it, and pass the folders above."""
    if not path.exists():
        return True
    real = path.resolve()
    folders: Iterable[Path] = real.parents if real.is_file() else (real, *real.parents)
    readable = real.stat().st_mode & stat.S_IROTH
    return bool(readable) and all(folder.stat().st_mode & stat.S_IXOTH for folder in folders)


def clean_environment(scratch: str) -> dict[str, str]:
    """None of the product's settings and secrets; few threads, whose memory is counted."""
    kept = {name: os.environ[name] for name in VARIABLES if name in os.environ}
    own = {"HOME": scratch, "TMPDIR": scratch, "MALLOC_ARENA_MAX": "2", "OMP_THREAD_LIMIT": "2",
           "RAYON_NUM_THREADS": "2", "TOKIO_WORKER_THREADS": "2",
           "PYTHONDONTWRITEBYTECODE": "1"}  # fmt: skip
    return kept | own
