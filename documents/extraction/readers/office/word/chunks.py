"""Documents of other formats within a Word document: web pages, rich text, plain text."""

import re

from documents.extraction.readers.mail.composer import append_body
from documents.extraction.readers.mail.mime import parse_mail
from documents.extraction.readers.office.rtf.reader import rtf_text
from documents.extraction.readers.web.page import add_fragment
from documents.extraction.text_builder import TextBuilder
from documents.extraction.text_encoding import decode_text, is_binary

MARKUP = re.compile(r"<(!doctype html|html|head|body|p|div|table|h1)[\s>]", re.I)
ARCHIVED = re.compile(rb"^content-type:\s*(multipart/related|text/html)", re.I | re.M)
HEAD = 2048


def chunk_text(data: bytes) -> TextBuilder:
    """The text of a chunk, whose kind its content tells; that of a Word document is not read."""
    builder = TextBuilder()
    if data.startswith(b"{\\rtf"):
        builder.extend(rtf_text(data))
    elif ARCHIVED.search(data[:HEAD]):  # a web page that is stored as a mail (MHT)
        for body in parse_mail(data).bodies:
            append_body(builder, body)
    elif data and not is_binary(data[:HEAD]):
        text = decode_text(data, markup=True)
        if MARKUP.search(text[:HEAD]):
            add_fragment(builder, text)
        else:
            builder.block("paragraph", text)
    return builder
