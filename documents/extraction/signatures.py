"""How the content of a file shows its format: the detectors and guessers that formats name."""

import csv
import json
import re

from documents.extraction.probe import Probe
from documents.extraction.text_encoding import decode_text

HTML = re.compile(rb"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]", re.I)
MAIL_HEADER = re.compile(
    r"^(from|to|subject|date|received|message-id|mime-version|return-path):", re.I
)
HEADER_LINE = re.compile(r"^[!-9;-~]+:|^[ \t]")
MARKDOWN = re.compile(r"^(#{1,6} \S|```|[-*] \S.*\n[-*] \S)|\[[^\]\n]+\]\([^)\n]+\)", re.M)


def is_pdf(probe: Probe) -> bool:
    return b"%PDF-" in probe.head[:1024]


def is_html(probe: Probe) -> bool:
    return bool(HTML.search(probe.head[:2048]))


def is_json(probe: Probe) -> bool:
    if probe.text.lstrip()[:1] not in ("{", "["):
        return False
    try:
        json.loads(decode_text(probe.path.read_bytes()))
    except (ValueError, RecursionError):
        return False
    return True


def is_mail(probe: Probe) -> bool:
    """Whether the file starts with header lines, two or more of which are those of mails."""
    known = set()
    for line in probe.text.lstrip("\r\n").splitlines():
        if not line.strip():
            break
        if not HEADER_LINE.match(line):
            return False
        if match := MAIL_HEADER.match(line):
            known.add(match[1].lower())
    return len(known) >= 2


def may_be_markdown(probe: Probe, named: bool) -> bool:
    return named or len(MARKDOWN.findall(probe.text)) > 1


def may_be_table(probe: Probe, named: bool) -> bool:
    """Whether rows have equally many short cells: one row suffices with the suffix of a table."""
    return _rows(probe.text) >= (1 if named else 3)


def csv_dialect(text: str) -> type[csv.Dialect]:
    """The delimiter and the quoting of a table. Raises csv.Error if they are not clear."""
    return csv.Sniffer().sniff("\n".join(text.splitlines()[:20]), delimiters=",;\t|")


def _rows(text: str) -> int:
    """The number of first lines that are rows of equally many short cells; 0 if one is not."""
    lines = text.splitlines()[:20]
    try:
        rows = [row for row in csv.reader(lines, csv_dialect(text)) if row]
    except csv.Error:
        return 0
    widths = {len(row) for row in (rows[:-1] if len(lines) == 20 else rows)}
    cells = [cell for row in rows for cell in row]
    short = sum(len(cell) for cell in cells) < 60 * len(cells)
    return len(rows) if len(widths) == 1 and widths.pop() > 1 and short else 0
