"""What the product says to people: a code with parameters, put into words where it is shown."""

from collections.abc import Callable, Sequence


def gettext_noop(sentence: str) -> str:
    """Marks a text for the catalogues. Django's does the same, and would bring Django along into
    the process that reads files."""
    return sentence


def alternatives(words: Sequence[str], translate: Callable[[str], str] = str) -> str:
    """Words as a list in a sentence, each translated: "PDF, Word or text"."""
    *some, last = map(translate, words)
    if not some:
        return last
    return translate(gettext_noop("%(some)s or %(last)s")) % {"some": ", ".join(some), "last": last}
