"""JSON, as lines `name: value`; each object of a list is a record."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from documents.errors import IngestError
from documents.extracted_text import ExtractedText
from documents.extraction.text_builder import TextBuilder
from documents.extraction.text_encoding import clean_text, decode_text

if TYPE_CHECKING:
    from documents.extraction.formats import Format

MOST_DEPTH = 100


def read_json(path: Path, file_format: "Format") -> ExtractedText:
    """Raises IngestError, permanent, for what is nested without end."""
    builder = TextBuilder()
    try:
        add_value(builder, parsed_json(decode_text(path.read_bytes())))
    except RecursionError as error:
        raise IngestError("damaged_file") from error
    return builder.extracted()


def read_json_lines(path: Path, file_format: "Format") -> ExtractedText:
    """Each line is a record; one that is no JSON stands as it is written."""
    builder = TextBuilder()
    for line in clean_text(decode_text(path.read_bytes())).splitlines():
        try:
            value = parsed_json(line) if line.strip() else None
        except (ValueError, RecursionError):
            value = line.strip()
        builder.block("paragraph", "\n".join(record_lines(value)))
    return builder.extracted()


def parsed_json(text: str) -> Any:
    """The value with its numbers as they are written: 12.50 is no 12.5."""
    return json.loads(text, parse_float=str, parse_int=str, parse_constant=str)


def add_value(builder: TextBuilder, value: Any) -> None:
    """Append a value: a record a block, the values of a record that are lists of records, too."""
    records = value if isinstance(value, list) else [value]
    plain = [record for record in records if not isinstance(record, dict | list)]
    if plain and len(plain) == len(records):
        builder.block("paragraph", "\n".join(record_lines(value)))
        return
    for record in records:
        if isinstance(record, dict) and any(map(_is_records, record.values())):
            own = {key: each for key, each in record.items() if not _is_records(each)}
            builder.block("paragraph", "\n".join(record_lines(own)))
            for key, each in record.items():
                if _is_records(each):
                    builder.block("heading", str(key), level=1)
                    for one in each:
                        builder.block("paragraph", "\n".join(record_lines(one)))
        else:
            builder.block("paragraph", "\n".join(record_lines(record)))


def _is_records(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(each, dict) for each in value)


def record_lines(value: Any, name: str = "", depth: int = 0) -> Iterator[str]:
    """The plain values in `value`, each with the name of its field; plain lists on one line.

    The name of what holds fields stands above them.
    """
    if depth > MOST_DEPTH:
        return
    if isinstance(value, dict):
        if name:
            yield f"{name}:"
        for key, each in value.items():
            yield from record_lines(each, str(key), depth + 1)
    elif isinstance(value, list) and any(isinstance(each, dict | list) for each in value):
        for each in value:
            yield from record_lines(each, name, depth + 1)
    else:
        values = value if isinstance(value, list) else [value]
        text = ", ".join(filter(None, map(_text, values)))
        if text:
            yield f"{name}: {text}" if name else text


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)
