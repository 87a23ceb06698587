"""How the content of a file shows its format: the detectors and guessers that formats name."""

import json
import re
from collections.abc import Collection

from documents.extraction.probe import HEAD_BYTES, Probe
from documents.extraction.table_dialect import sniff_table
from documents.extraction.text_encoding import decode_text

# What may stand before the first tag of a page: white space, comments, instructions.
PROLOGUE = re.compile(r"(?:\s|<!--.*?-->|<\?.*?\?>)*", re.S)
HTML_START = re.compile(
    r"<(!doctype\s+html|(html|head|body|title|meta|link|style|script)(?=[\s/>]))", re.I
)
TAG = re.compile(r"</?[a-z][^<>]*>", re.I)
BLOCK_TAG = re.compile(r"<(div|p|h[1-6]|table|ul|ol|article|section|main|center)[\s>]", re.I)
XML_START = re.compile(
    r"<(\?xml\s|!doctype\s+(?!html)|(rss|feed|svg|rdf:RDF|opml|urlset)[\s>])", re.I
)
# Files of these are pages with code inside, and start as pages do.
TEMPLATES = (
    ".php", ".vue", ".svelte", ".erb", ".jsp", ".asp", ".aspx", ".ejs", ".hbs", ".mustache", ".j2",
    ".jinja", ".jinja2", ".tmpl", ".tpl", ".twig", ".cshtml", ".astro",
)  # fmt: skip
FRONT_MATTER = re.compile(r"(---|\+\+\+)[ \t]*\n(?:[^\n]*\n){0,200}?\1[ \t]*(?:\n|$)")
KEY = re.compile(r"[\w-]+[ \t]*[:=]")
TIME_STAMP = re.compile(
    r"[\[<(\"]?(?:\d{4}[-/.]\d\d?[-/.]\d\d?[T ]|\d\d?[-/.]\w{2,3}[-/.]\d{2,4}[T: ])\d\d?:\d\d"
    r"|^(?:[A-Z][a-z]{2} )?[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d"
)
MAIL_HEADER = re.compile(
    r"^(from|to|subject|date|received|message-id|mime-version|return-path):", re.I
)
# What only programs write above a mail.
TRANSPORT = {"received", "message-id", "mime-version", "return-path"}
MARKDOWN_SUFFIXES = (".md", ".markdown", ".mkd", ".mdx", ".rmd", ".qmd")
# Texts of these begin with lines `name: value`, too.
KEYED_SUFFIXES = (
    *MARKDOWN_SUFFIXES, ".yaml", ".yml", ".properties", ".cfg", ".conf", ".rst", ".org", ".tex",
)  # fmt: skip
DELIMITER = re.compile(r"From .*\d\d:\d\d.* \d{4}\b")
HEADER_LINE = re.compile(r"^[!-9;-~]+[ \t]*:|^[ \t]|^>From ")
MARKDOWN = re.compile(r"^(#{1,6} \S|```|[-*] \S.*\n[-*] \S)|\[[^\]\n]+\]\([^)\n]+\)", re.M)


def is_pdf(probe: Probe) -> bool:
    """Whether the file starts as a PDF; with the suffix of one, after other bytes, too."""
    if probe.head.lstrip(b"\xef\xbb\xbf \t\r\n\0").startswith(b"%PDF-"):
        return True
    return probe.suffix == ".pdf" and b"%PDF-" in probe.head[:1024]


def is_html(probe: Probe) -> bool:
    """Whether the file starts as a web page, which templates of other languages may, too. A text
    in Markdown may start with single elements."""
    start = HTML_START.match(_first_tag(probe))
    if start is None or probe.suffix in TEMPLATES:
        return False
    return probe.suffix not in MARKDOWN_SUFFIXES or start[2] is None or start[2].lower() == "html"


def may_be_html(probe: Probe, named: bool) -> bool:
    """Whether it may be a part of a page: one tag suffices with the suffix of a page."""
    if named:
        return bool(TAG.search(probe.text))
    return bool(BLOCK_TAG.match(_first_tag(probe))) and "</" in probe.text


def is_xml(probe: Probe) -> bool:
    return bool(XML_START.match(probe.text.lstrip()))


def may_be_xml(probe: Probe, named: bool) -> bool:
    return named and bool(TAG.match(_first_tag(probe)))


def _first_tag(probe: Probe) -> str:
    """The text from its first tag on, if nothing but comments stands before it."""
    prologue = PROLOGUE.match(probe.text)
    return probe.text[prologue.end() if prologue else 0 :][:1000]


def is_json_lines(probe: Probe) -> bool:
    """Whether the first lines are JSON objects or lists: two or more, or one with the suffix, which
    may be too long to be seen whole."""
    every = probe.text.split("\n")
    is_cut, is_named = len(probe.head) == HEAD_BYTES, probe.suffix in (".jsonl", ".ndjson")
    if is_cut and is_named and len(every) == 1:
        return every[0][:1] == "{"
    lines = [line for line in (every[:-1] if is_cut else every)[:20] if line.strip()]
    if len(lines) < (1 if is_named else 2):
        return False
    return all(line.lstrip()[:1] in ("{", "[") and _parses(line) for line in lines)


def is_notebook(probe: Probe) -> bool:
    return probe.suffix == ".ipynb" and is_json(probe)


def _parses(text: str) -> bool:
    try:
        json.loads(text, parse_int=str)  # however many digits
    except (ValueError, RecursionError):
        return False
    return True


def is_json(probe: Probe) -> bool:
    if probe.text.lstrip()[:1] not in ("{", "["):
        return False
    return _parses(decode_text(probe.path.read_bytes()))


def is_mail(probe: Probe) -> bool:
    """Whether the file starts with header lines, two or more of which are those of mails; with the
    name of another text that may start so, also those that only programs write.

    A single mail may have kept the line that parted it from others.
    """
    text = probe.text.lstrip("\ufeff\r\n")
    is_named = probe.suffix == ".eml"
    if is_named and text.startswith("From "):
        text = text.partition("\n")[2]
    needed = TRANSPORT if probe.suffix in KEYED_SUFFIXES else set()
    return _has_mail_headers(text, least=1 if is_named else 2, needed=needed)


def is_mailbox(probe: Probe) -> bool:
    """Whether the file starts with such a line, and with a mail after it if not named so."""
    first, _, rest = probe.text.partition("\n")
    if not DELIMITER.match(first[:500]):
        return False
    return probe.suffix in (".mbox", ".mbx") or _has_mail_headers(rest)


def _has_mail_headers(text: str, least: int = 2, needed: Collection[str] = ()) -> bool:
    """Whether there are so many of them, and one of those `needed` if any are."""
    known: set[str] = set()
    for number, line in enumerate(text.splitlines()):
        if not line.strip():
            break
        if not HEADER_LINE.match(line):
            if number <= 2 or len(known) <= least:
                return False
            break  # whoever wrote them left one broken
        if match := MAIL_HEADER.match(line):
            known.add(match[1].lower())
    return len(known) >= least and (not needed or not known.isdisjoint(needed))


def has_front_matter(probe: Probe) -> bool:
    """Whether a text starts with a block of metadata, as Markdown may."""
    if probe.suffix not in ("", ".md", ".markdown", ".txt", ".text"):
        return False
    block = FRONT_MATTER.match(probe.text)
    if not block or not probe.text[block.end() :].strip():
        return False
    first = block[0].split("\n", 2)[1]
    return bool(KEY.match(first))


def may_be_markdown(probe: Probe, named: bool) -> bool:
    return named or len(MARKDOWN.findall(probe.text)) > 1


def may_be_code(probe: Probe, named: bool) -> bool:
    by_name = probe.filename.lower() in ("makefile", "dockerfile", "jenkinsfile", "cmakelists.txt")
    return named or by_name or probe.text.startswith("#!/")


def may_be_log(probe: Probe, named: bool) -> bool:
    """Whether most of the first lines start with a time."""
    lines = [line for line in probe.text.splitlines()[:50] if line.strip()]
    return named or (len(lines) >= 5 and sum(map(_is_stamped, lines)) > 0.7 * len(lines))


def _is_stamped(line: str) -> bool:
    return bool(TIME_STAMP.search(line[:120]))


def may_be_table(probe: Probe, named: bool) -> bool:
    """Whether the text is a table: two columns suffice with the suffix of one, otherwise nearly
    all rows have equally many short cells."""
    found = sniff_table(probe.text)
    if found is None or named:
        return found is not None
    rows = found.rows(probe.text)[:50]
    cells = [cell for row in rows for cell in row]
    filled = sum(1 for cell in cells if cell.strip()) > 0.6 * len(cells)
    short = sum(map(len, cells)) < 60 * len(cells)
    return len(rows) >= 3 and found.evenness >= 0.9 and short and filled
