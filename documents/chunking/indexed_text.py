"""The text that models and the index read of a passage: title, heading path and words."""

from collections.abc import Sequence

# No tokenizer makes more tokens than there are bytes, so a title of this length always leaves
# room for text in a window of 256.
TITLE_BYTES = 200
BEFORE_HEADING = "# \t\n"


def shorten(text: str, limit: int = TITLE_BYTES) -> str:
    """`text` on one line, cut at a word where it exceeds `limit` bytes of UTF-8."""
    line = " ".join(text.split())
    encoded = line.encode("utf-8", "replace")
    if len(encoded) <= limit:
        return line
    cut = encoded[:limit].decode("utf-8", "ignore")
    head, space, _ = cut.rpartition(" ")
    return head if space and len(head) > len(cut) // 2 else cut


def indexed_text(title: str, headings: Sequence[str], text: str) -> str:
    """Title, heading path and passage, each on its own line: the input of models.

    A heading that repeats the title or the first line of the passage is left out.
    """
    title, first_line = shorten(title), _first_line(text)
    path = [heading for heading in headings if heading not in (title, first_line)]
    lines = ("" if title == first_line else title, " > ".join(path), text)
    return "\n".join(line for line in lines if line)


def indexed_fields(title: str, headings: Sequence[str], text: str) -> tuple[str, str, str]:
    """Title, heading path and passage, each line of the indexed text in one of them: the first line
    of a passage that repeats the title or a heading stands there and not in the passage."""
    title, first_line = shorten(title), _first_line(text)
    path = [heading for heading in headings if heading not in (title, first_line)]
    if first_line not in (title, *headings):
        return title, " > ".join(path), text
    if first_line != title:
        path.append(first_line)
    return title, " > ".join(path), text.lstrip(BEFORE_HEADING).partition("\n")[2]


def _first_line(text: str) -> str:
    return text.lstrip(BEFORE_HEADING).partition("\n")[0].strip()
