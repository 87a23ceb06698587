"""The account of an embedded server: the caller, or an unprivileged user if that is root."""

import os
import pwd
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from search_project.errors import StartError

CHILD = str(Path(__file__).with_name("die_with_parent.py"))
SEARCH_ANY_FOLDER = "+dac_read_search"
# access(2), by which initdb looks for its fellows, counts no capability otherwise.
ASK_WITH_CAPABILITIES = "+no_setuid_fixup"


@dataclass(frozen=True)
class Account:
    """`user` is empty when nothing has to change; `through` comes before the command."""

    user: str = ""
    uid: int = -1
    gid: int = -1
    through: tuple[str, ...] = ()

    def command(self, argv: list[str], stop: str) -> list[str]:
        """The argument vector that runs `argv` as this user, ended by `stop` with its parent."""
        become = ["--user", self.user] if self.user and not self.through else []
        child = [sys.executable, CHILD, "--bare", "--signal", stop, *become, *argv]
        return [*self.through, *child]

    def own(self, path: Path) -> None:
        if self.user:
            os.chown(path, self.uid, self.gid)

    def own_all(self, folder: Path) -> None:
        """Change the owner of a folder and of its content, which another user may have left."""
        if self.user and folder.stat().st_uid != self.uid:
            for path in [folder, *folder.rglob("*")]:
                os.chown(path, self.uid, self.gid, follow_symlinks=False)


def account_for(binary: Path, var: Path) -> Account:
    """The account that can run `binary` and reach `var`.

    PostgreSQL refuses to run as root. The user's group may pass `var`, which is closed to all
    others. Where the user cannot pass a folder above (a home folder of root, say), none is opened:
    the server gets the one capability to pass folders instead. Raises StartError when that is not
    to be had.
    """
    if os.geteuid() != 0:
        return Account()
    user = next((name for name in ("postgres", "nobody") if _exists(name)), "")
    if not user:
        raise StartError("PostgreSQL does not run as root: run as another user.")
    entry = pwd.getpwnam(user)
    os.chown(var, -1, entry.pw_gid)
    var.chmod(0o710)
    if _reaches(entry, binary, var):
        return Account(user, entry.pw_uid, entry.pw_gid)
    setpriv = shutil.which("setpriv")
    through = (
        str(setpriv), f"--securebits={ASK_WITH_CAPABILITIES}", f"--reuid={entry.pw_uid}",
        f"--regid={entry.pw_gid}", "--clear-groups",
        f"--inh-caps={SEARCH_ANY_FOLDER}", f"--ambient-caps={SEARCH_ANY_FOLDER}",
    )  # fmt: skip
    if setpriv and _reaches(entry, binary, var, through):
        return Account(user, entry.pw_uid, entry.pw_gid, through)
    raise StartError(
        f"The user {user}, who runs PostgreSQL for root, cannot reach {binary} and {var}: "
        "run as another user, or keep both in folders that others may pass."
    )


def _exists(user: str) -> bool:
    try:
        pwd.getpwnam(user)
    except KeyError:
        return False
    return True


def _reaches(
    entry: pwd.struct_passwd, binary: Path, var: Path, through: tuple[str, ...] = ()
) -> bool:
    test = [*through, "/bin/sh", "-c", '[ -x "$1" ] && [ -x "$2" ]', "sh", str(binary), str(var)]
    if through:
        return subprocess.run(test, check=False, capture_output=True, cwd="/").returncode == 0
    done = subprocess.run(
        test, user=entry.pw_uid, group=entry.pw_gid, extra_groups=[], cwd="/", check=False
    )
    return done.returncode == 0
