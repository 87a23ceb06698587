"""The text that models and the index read of a passage: title, heading path and words."""

from collections.abc import Sequence

# No tokenizer makes more tokens than there are bytes, so a title of this length always leaves
# room for text in a window of 256.
TITLE_BYTES = 200


def shorten(text: str, limit: int = TITLE_BYTES) -> str:
    """`text` on one line, cut at a word where it exceeds `limit` bytes of UTF-8."""
    line = " ".join(text.split())
    encoded = line.encode("utf-8", "replace")
    if len(encoded) <= limit:
        return line
    cut = encoded[:limit].decode("utf-8", "ignore")
    head, space, _ = cut.rpartition(" ")
    return head if space and len(head) > len(cut) // 2 else cut


def indexed_fields(title: str, headings: Sequence[str], text: str) -> tuple[str, str, str]:
    """Title, heading path and passage as models and index read them, each on lines of its own.

    A title or heading that repeats the first line of the passage is empty, and so is a heading
    that repeats the title.
    """
    title = shorten(title)
    first_line = text.lstrip("# \t\n").split("\n", 1)[0].strip()
    path = [heading for heading in headings if heading not in (title, first_line)]
    return "" if title == first_line else title, " > ".join(path), text


def indexed_text(title: str, headings: Sequence[str], text: str) -> str:
    """The fields one below the other: the input of models."""
    return "\n".join(line for line in indexed_fields(title, headings, text) if line)
