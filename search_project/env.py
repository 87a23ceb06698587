"""Typed reading of environment variables: a bad value stops the start with one clear sentence.

An empty value counts as none, so that `NAME=` and an unset NAME mean the default alike. Every
function raises ImproperlyConfigured for what is not allowed.
"""

import ipaddress
import os
import re
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

TRUE = frozenset({"1", "true", "on", "yes"})
FALSE = frozenset({"0", "false", "off", "no"})
# Every setting that was read, with its default as it would be written in the environment.
NAMES: dict[str, str] = {}


def text(name: str, default: str = "") -> str:
    """The value of NAME, or the content of the file that NAME_FILE names, or `default`."""
    NAMES.setdefault(name, default)
    file = os.environ.get(f"{name}_FILE")
    if not file:
        return os.environ.get(name) or default
    try:
        return Path(file).read_text(encoding="utf-8").strip() or default
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text"
        raise ImproperlyConfigured(f"{name}_FILE={file} cannot be read: {reason}.") from error


def flag(name: str, default: bool) -> bool:
    """on/off, true/false, yes/no or 1/0, in any case."""
    value = text(name, "on" if default else "off").strip().lower()
    if value in TRUE:
        return True
    if value in FALSE:
        return False
    raise ImproperlyConfigured(f"{name}={value} is neither on nor off.")


def number(name: str, default: int, minimum: int = 0, maximum: int | None = None) -> int:
    """A whole number of at least `minimum` and, where there is one, at most `maximum`."""
    value = text(name, str(default)).strip()
    allowed = f"of at least {minimum}" if maximum is None else f"from {minimum} to {maximum}"
    # Twelve digits are more than any setting takes; Python refuses to read thousands.
    if re.fullmatch(r"[0-9]{1,12}", value):
        result = int(value)
        if minimum <= result and (maximum is None or result <= maximum):
            return result
    raise ImproperlyConfigured(f"{name}={value} is not a whole number {allowed}.")


def fraction(name: str, default: float) -> float:
    """A number from 0 to 1."""
    value = text(name, str(default))
    try:
        result = float(value)
    except ValueError:
        result = -1.0
    if not 0 <= result <= 1:
        raise ImproperlyConfigured(f"{name}={value} is not a number from 0 to 1.")
    return result


def choice(name: str, default: str, choices: tuple[str, ...]) -> str:
    """One of `choices`, whose case does not matter in the environment."""
    value = text(name, default).strip()
    for allowed in choices:
        if value.lower() == allowed.lower():
            return allowed
    raise ImproperlyConfigured(f"{name}={value} is none of {', '.join(choices)}.")


def matching(name: str, default: str, pattern: str, allowed: str) -> str:
    """A text that matches the whole `pattern`; `allowed` describes the pattern in words."""
    value = text(name, default).strip()
    if not re.fullmatch(pattern, value):
        raise ImproperlyConfigured(f"{name}={value} is not {allowed}.")
    return value


def words(name: str, pattern: str = ".*", allowed: str = "") -> list[str]:
    """A comma-separated list, empty entries dropped, each like `matching`."""
    entries = [entry.strip() for entry in text(name).split(",") if entry.strip()]
    for entry in entries:
        if not re.fullmatch(pattern, entry):
            raise ImproperlyConfigured(f"{name}: {entry} is not {allowed}.")
    return entries


def networks(name: str) -> list[Network]:
    """A comma-separated list of addresses and networks, 10.0.0.0/8 say."""
    found = []
    for entry in words(name):
        try:
            found.append(ipaddress.ip_network(entry))
        except ValueError as error:
            raise ImproperlyConfigured(
                f"{name}: {entry} is neither an address nor a network such as 10.0.0.0/8."
            ) from error
    return found


def folder(name: str, default: Path) -> Path:
    """An absolute path, which is a folder if it exists."""
    path = Path(text(name, str(default))).expanduser().resolve()
    try:
        refused = path.exists() and not path.is_dir()
    except OSError as error:
        raise ImproperlyConfigured(f"{name}={path} cannot be reached: {error.strerror}.") from error
    if refused:
        raise ImproperlyConfigured(f"{name}={path} is not a folder.")
    return path
