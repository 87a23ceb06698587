"""LaTeX: the words of a document without its commands; formulas stay as they are written."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from documents.extracted_text import ExtractedText
from documents.extraction.readers.text.inline_markup import InlineMarkup, Markup
from documents.extraction.text_builder import Span, TextBuilder
from documents.extraction.text_encoding import clean_text, decode_text

if TYPE_CHECKING:
    from documents.extraction.formats import Format

ARGUMENT = r"\{(?P<text>(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}"
OPTIONS = r"(?:\[[^\]]*\])*"
INLINE = InlineMarkup(
    (
        Markup(r"(?P<text>\$\$?[^$]+\$\$?)", is_nested=False),
        Markup(r"\\(?:textbf|bfseries|strong)" + ARGUMENT, "bold"),
        Markup(r"\\(?:emph|textit|textsl)" + ARGUMENT, "italic"),
        Markup(r"\\(?:texttt|code|lstinline|verb|file)" + ARGUMENT, "code"),
        Markup(r"\\verb(?P<quote>[|!+/])(?P<text>.*?)(?P=quote)", "code", is_nested=False),
        Markup(r"\\href\{(?P<target>[^{}]*)\}" + ARGUMENT, "link"),
    )
)
ENVIRONMENTS = re.compile(
    r"\\begin\{(?P<name>verbatim\*?|lstlisting|minted|equation\*?|align\*?|gather\*?|multline\*?"
    r"|eqnarray\*?|displaymath|tabular\*?|tabularx|longtable|comment)\}(?P<body>.*?)\\end\{(?P=name)\}",
    re.S,
)
SECTIONS = ("part", "chapter", "section", "subsection", "subsubsection", "paragraph")
SECTION = re.compile(rf"\\({'|'.join(SECTIONS)})\*?\s*{OPTIONS}\s*{ARGUMENT}")
CAPTION = re.compile(rf"\\caption\*?{OPTIONS}{ARGUMENT}")
COMMENT = re.compile(r"(?<!\\)%.*\n?")
PREAMBLE = re.compile(r"\\begin\{document\}")
ACCENTS = {
    "'": "\u0301", "`": "\u0300", '"': "\u0308", "^": "\u0302", "~": "\u0303", "c": "\u0327",
    "v": "\u030c", "=": "\u0304", ".": "\u0307", "u": "\u0306", "H": "\u030b", "r": "\u030a",
}  # fmt: skip
ACCENT = re.compile(r"""\\(?:(['`"^~=.])\s*|([cvuHr])(?:\s+|(?=\{)))(?:\{\\?(\w)\}|\\?(\w))""")
LETTERS = {"ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "o": "ø", "O": "Ø", "aa": "å", "l": "ł",
           "ldots": "…", "dots": "…", "S": "§", "copyright": "©", "LaTeX": "LaTeX", "TeX": "TeX",
           "textendash": "\u2013", "textemdash": "\u2014", "textbackslash": "\\"}  # fmt: skip
LETTER = re.compile(r"\\(" + "|".join(LETTERS) + r")(?![A-Za-z])\s*(?:\{\})?")
UNSHOWN = re.compile(
    r"\\(?:label|ref|eqref|pageref|cref|autoref|nocite|index|vspace|hspace|setlength|addtolength"
    r"|includegraphics|input|include|bibliography|bibliographystyle|usepackage|documentclass|begin"
    rf"|end|setcounter|pagestyle|thispagestyle|newcommand|renewcommand)\*?{OPTIONS}"
    rf"(?:\s*{OPTIONS}\{{[^{{}}]*\}})*{OPTIONS}"
)
CITED = re.compile(rf"\\\w*cite\w*\*?{OPTIONS}\{{([^{{}}]*)\}}")
COMMAND = re.compile(rf"\\[A-Za-z@]+\*?\s*{OPTIONS}|[{{}}]|\\[,;:!/ -]")
DASHES = {"---": "\u2014", "--": "\u2013", "``": "\u201c", "''": "\u201d"}


def read_tex(path: Path, file_format: "Format") -> ExtractedText:
    text = clean_text(decode_text(path.read_bytes()))
    title, author = _stated(text, "title"), _stated(text, "author")
    begin = PREAMBLE.search(text)
    body = text[begin.end() :].split(r"\end{document}")[0] if begin else text
    builder = TextBuilder()
    if r"\maketitle" in body:
        builder.block("heading", title, level=1)
        builder.block("paragraph", author)
    place = 0
    for found in ENVIRONMENTS.finditer(body):
        _add_text(builder, body[place : found.start()])
        _add_environment(builder, found["name"].rstrip("*"), found["body"])
        place = found.end()
    _add_text(builder, body[place:])
    extracted = builder.extracted()
    first = extracted.headings[0].title if extracted.headings else ""
    return replace(extracted, title=title or first, metadata={"author": author} if author else {})


def _stated(text: str, command: str) -> str:
    found = re.search(rf"\\{command}\s*{OPTIONS}\s*{ARGUMENT}", COMMENT.sub("", text))
    return " ".join(_words(found["text"]).split()) if found else ""


def _add_environment(builder: TextBuilder, name: str, body: str) -> None:
    if name in ("verbatim", "lstlisting", "minted"):
        builder.block("code", re.sub(rf"^{OPTIONS}(?:\{{\w+\}})?[ \t]*\n", "", body))
        return
    body = COMMENT.sub("", body)
    if name.startswith(("tabular", "longtable")):
        lines = re.sub(r"^\s*(?:\[[^\]]*\])?(?:\{(?:[^{}]|\{[^{}]*\})*\})+", "", body)
        lines = re.sub(r"\\(?:hline|toprule|midrule|bottomrule|c(?:mid)?rule\S*)", "", lines)
        rows = [re.split(r"(?<!\\)&", row) for row in re.split(r"\\\\(?:\[[^\]]*\])?", lines)]
        cells = [[" ".join(_words(cell).split()) for cell in row] for row in rows]
        builder.table(cells, header_rows=1 if len(cells) > 2 else 0)
    elif name != "comment":
        builder.block("code", body.strip(), label="math")


def _add_text(builder: TextBuilder, text: str) -> None:
    """Append headings, items, captions and paragraphs."""
    depth = 0
    for mark, content in _pieces(COMMENT.sub("", text)):
        if mark in SECTIONS:
            builder.block("heading", _words(content), level=SECTIONS.index(mark) + 1)
        elif mark == "caption":
            builder.block("caption", _words(content))
        elif mark in ("begin", "end"):
            depth += 1 if mark == "begin" else -1
        else:
            first, *others = re.split(r"\n\s*\n", content)
            spans = _spans(first)
            item = mark == "item"
            builder.block(
                "list_item" if item else "paragraph", spans,
                level=max(depth - 1, 0) if item else 0, label="•" if item else "",
            )  # fmt: skip
            for other in others:
                builder.block("paragraph", _spans(other))


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """The text parted at what begins a block, each piece with what began it."""
    border = re.compile(
        rf"(?P<section>{SECTION.pattern})|(?P<caption>{CAPTION.pattern.replace('text', 'said')})"
        r"|\\item(?![a-z])\s*(?:\[(?P<term>[^\]]*)\])?"
        r"|\\(?P<list>begin|end)\{(?:itemize|enumerate|description)\}" + OPTIONS
    )
    mark, place = "", 0
    for found in border.finditer(text):
        yield mark, text[place : found.start()]
        mark, place = "", found.end()
        if found["section"]:
            yield found[2], found["text"]
        elif found["caption"]:
            yield "caption", found["said"]
        elif found["list"]:
            yield found["list"], ""
        else:
            mark = "item"
            if found["term"]:
                yield "item", found["term"]
    yield mark, text[place:]


def _spans(text: str) -> list[Span]:
    """The stretches of a block on one line; formulas stay as they are."""
    spans = INLINE.spans(re.sub(r"\s*\n\s*", " ", _plain(text)).strip())
    return [
        span if span.text.startswith("$") else replace(span, text=COMMAND.sub("", span.text))
        for span in spans
    ]


def _words(text: str) -> str:
    return "".join(span.text for span in _spans(text))


def _plain(text: str) -> str:
    """The text with its letters spelt, without the commands that show nothing."""
    text = ACCENT.sub(_accented, text)
    text = LETTER.sub(lambda found: LETTERS[found[1]], text)
    text = UNSHOWN.sub("", CITED.sub(r"[\1]", text))
    text = text.replace("\\footnote{", " \\footnote{")
    text = re.sub(r"\\\\(?:\[[^\]]*\])?|\\(?:newline|par)(?![a-z])|(?<!\\)~", " ", text)
    for mark, letter in DASHES.items():
        text = text.replace(mark, letter)
    return re.sub(r"\\([%&$#_{}])", r"\1", text)


def _accented(found: re.Match[str]) -> str:
    mark = found[1] or found[2]
    return unicodedata.normalize("NFC", (found[3] or found[4]) + ACCENTS[mark])
