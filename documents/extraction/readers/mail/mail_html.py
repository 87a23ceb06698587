"""The HTML of mails as blocks."""

from documents.extraction.readers.web.page import add_fragment
from documents.extraction.text_builder import TextBuilder


def html_text(markup: str) -> str:
    """What a mail program shows of it."""
    builder = TextBuilder()
    add_fragment(builder, markup)
    return builder.text
