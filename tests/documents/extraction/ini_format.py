"""A format of which the product knows nothing: a reader, and what registers it.

The process that reads files imports this by name, so it imports neither Django nor pytest.
"""

import configparser
from pathlib import Path

from documents.extracted_text import ExtractedText, Heading
from documents.extraction.formats import Format
from documents.extraction.text_encoding import clean_text, decode_text


def read_ini(path: Path, file_format: Format) -> ExtractedText:
    """Each section under its name as a heading, each option as `name: value`."""
    parser = configparser.ConfigParser(interpolation=None)
    parser.read_string(clean_text(decode_text(path.read_bytes())))
    text, headings = "", []
    for section in parser.sections():
        headings.append(Heading(len(text), 1, section))
        text += "\n".join([section, *(f"{k}: {v}" for k, v in parser[section].items())]) + "\n\n"
    return ExtractedText(text=text, headings=headings)


INI = Format(
    name="ini",
    label="Configuration (INI)",
    mime_types=("text/x-ini",),
    listed="INI",
    icon="data",
    reader="tests.documents.extraction.ini_format.read_ini",
    suffixes=(".ini",),
    is_text=True,
)
