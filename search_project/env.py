"""Typed reading of environment variables: a bad value stops the start with one clear sentence."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

TRUE = frozenset({"1", "true", "on", "yes"})
FALSE = frozenset({"0", "false", "off", "no", ""})


def text(name: str, default: str = "") -> str:
    """The value of NAME, or the content of the file that NAME_FILE names, or `default`.

    Raises ImproperlyConfigured when the file cannot be read.
    """
    file = os.environ.get(f"{name}_FILE")
    if not file:
        return os.environ.get(name, default)
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ImproperlyConfigured(
            f"{name}_FILE={file} cannot be read: {error.strerror}."
        ) from error


def flag(name: str, default: bool) -> bool:
    """on/off, true/false, yes/no or 1/0, in any case. Raises ImproperlyConfigured otherwise."""
    value = text(name, "on" if default else "off").strip().lower()
    if value in TRUE:
        return True
    if value in FALSE:
        return False
    raise ImproperlyConfigured(f"{name}={value} is neither on nor off.")


def number(name: str, default: int, minimum: int = 0, maximum: int | None = None) -> int:
    """A whole number from `minimum` to `maximum`. Raises ImproperlyConfigured otherwise."""
    value = text(name) or str(default)
    if not value.strip().isdigit() or int(value) < minimum:
        raise ImproperlyConfigured(f"{name}={value} is not a whole number of at least {minimum}.")
    if maximum is not None and int(value) > maximum:
        raise ImproperlyConfigured(f"{name}={value} is more than {maximum}.")
    return int(value)


def fraction(name: str, default: float) -> float:
    """A number from 0 to 1. Raises ImproperlyConfigured otherwise."""
    value = text(name) or str(default)
    try:
        result = float(value)
    except ValueError:
        result = -1.0
    if not 0 <= result <= 1:
        raise ImproperlyConfigured(f"{name}={value} is not a number from 0 to 1.")
    return result


def choice(name: str, default: str, choices: tuple[str, ...]) -> str:
    """One of `choices`, in any case. Raises ImproperlyConfigured otherwise."""
    value = text(name).strip().lower() or default
    if value not in choices:
        raise ImproperlyConfigured(f"{name}={value} is none of {', '.join(choices)}.")
    return value


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list, empty entries dropped."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]
