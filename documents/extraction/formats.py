"""The registry of accepted formats: one registration describes a format completely.

The registry names readers and detectors by their dotted paths and imports none of them, so that
pages can show labels without loading them. The extraction process receives the formats from here.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from documents.messages import gettext_noop

if TYPE_CHECKING:
    from documents.extracted_text import ExtractedText
    from documents.extraction.probe import Probe


@dataclass(frozen=True)
class Format:
    """A format: how a file of it is detected, read, named and shown.

    - `name` is used in addresses and filters, `label` is shown to users. `listed` is the name in
      a list of accepted formats; a format with an empty one is not listed. `icon` is a symbol of
      formats.svg.
    - The first of `mime_types` becomes the content type of a document of this format.
    - `reader` is the dotted path of `(Path, Format) -> ExtractedText`.
    - A file has this format if it starts with one of `magic`, if it is a ZIP archive (`is_zip`)
      with the member `zip_member` or with one of `mime_types` in its member "mimetype", or if
      `detector`, the dotted path of `(Probe) -> bool`, returns True. For a plain text (`is_text`)
      that no detector recognises, `guesser`, `(Probe, named: bool) -> bool`, decides; `named`
      says whether the suffix fits. Without a guesser, the suffix decides.
    - `is_wrapped`: lines are broken at a width, so pages show them joined. `is_scannable`: the
      text may be in images alone.
    """

    name: str
    label: str
    mime_types: tuple[str, ...] = ()
    listed: str = ""
    icon: str = "document"
    reader: str = ""
    suffixes: tuple[str, ...] = ()
    magic: tuple[bytes, ...] = ()
    zip_member: str = ""
    is_zip: bool = False
    is_text: bool = False
    detector: str = ""
    guesser: str = ""
    is_wrapped: bool = False
    is_scannable: bool = False

    @property
    def content_type(self) -> str:
        return self.mime_types[0] if self.mime_types else "application/octet-stream"

    def read(self, path: Path) -> "ExtractedText":
        """Raises IngestError, permanent, for a file that cannot be read."""
        found: ExtractedText = _named(self.reader)(path, self)
        return replace(found, type=self.name, content_type=self.content_type)

    def detect(self, probe: "Probe") -> bool:
        """Whether the detector recognises the content, whatever the file's name."""
        return bool(self.detector) and bool(_named(self.detector)(probe))

    def guess(self, probe: "Probe", *, named: bool) -> bool:
        """Whether a plain text may be of this format; without a guesser, the suffix decides."""
        return bool(_named(self.guesser)(probe, named)) if self.guesser else named


FORMATS: dict[str, Format] = {}


def register(format_: Format) -> None:
    """Accept files of this format. Raises ValueError for a name that is in use."""
    if format_.name in FORMATS:
        raise ValueError(f"There is a format {format_.name!r} already.")
    FORMATS[format_.name] = format_


def format_of(name: str) -> Format:
    """The format of that name, or one with its name as label if it is no longer registered."""
    return FORMATS.get(name) or Format(name, name.upper())


def format_label(name: str) -> str:
    """The label of a format: "PDF" for "pdf"."""
    return format_of(name).label


def listed_formats() -> list[str]:
    """The names of accepted formats, for a sentence: PDF, Word, … e-mail."""
    return [one.listed for one in FORMATS.values() if one.listed]


def format_names() -> str:
    """The values of the type filter: “pdf”, “docx”, …"""
    return ", ".join(f"“{name}”" for name in FORMATS)


def accepted_files() -> str:
    """The suffixes and MIME types for the `accept` attribute of a file input."""
    every = [one for each in FORMATS.values() for one in (*each.suffixes, *each.mime_types)]
    return ",".join(dict.fromkeys(every))


def _named(path: str) -> Callable[..., Any]:
    module, _, name = path.rpartition(".")
    found: Callable[..., Any] = getattr(import_module(module), name)
    return found


CODE_SUFFIXES = (
    ".py", ".pyi", ".js", ".mjs", ".cjs", ".jsx", ".ts", ".tsx", ".c", ".h", ".cc", ".cpp", ".cxx",
    ".hpp", ".cs", ".java", ".kt", ".kts", ".scala", ".groovy", ".gradle", ".go", ".rs", ".rb",
    ".php", ".pl", ".pm", ".lua", ".r", ".jl", ".swift", ".m", ".mm", ".dart", ".ex", ".exs",
    ".erl", ".hs", ".ml", ".mli", ".clj", ".lisp", ".el", ".scm", ".sh", ".bash", ".zsh", ".fish",
    ".ps1", ".bat", ".cmd", ".sql", ".css", ".scss", ".sass", ".less", ".vue", ".svelte", ".erb",
    ".jsp", ".asp", ".aspx", ".ejs", ".hbs", ".j2", ".jinja", ".jinja2", ".tmpl", ".tpl", ".twig",
    ".cshtml", ".astro", ".toml", ".cfg", ".conf", ".properties", ".tf", ".proto", ".graphql",
    ".cmake", ".mk", ".dockerfile", ".patch", ".diff", ".asm", ".f90", ".pas", ".vb", ".vbs",
)  # fmt: skip
_ODF = "application/vnd.oasis.opendocument"
_OFFICE = "application/vnd.openxmlformats-officedocument"

for _format in (
    Format(
        "pdf", "PDF", ("application/pdf",),
        listed="PDF", suffixes=(".pdf",), detector="documents.extraction.signatures.is_pdf",
        reader="documents.extraction.readers.pdf.read_pdf",
        is_scannable=True,
    ),
    Format(
        "docx", "Word (DOCX)", (f"{_OFFICE}.wordprocessingml.document",),
        listed="Word", suffixes=(".docx", ".docm", ".dotx"), is_zip=True,
        zip_member="word/document.xml",
        reader="documents.extraction.readers.office.word.docx.read_docx",
    ),
    Format(
        "doc", "Word (DOC)", ("application/msword",),
        listed="DOC", suffixes=(".doc",),
        detector="documents.extraction.refusals.is_old_word_file",
        reader="documents.extraction.readers.office.doc.reader.read_doc",
    ),
    Format(
        "pptx", "PowerPoint (PPTX)", (f"{_OFFICE}.presentationml.presentation",),
        listed="PowerPoint", icon="slides", suffixes=(".pptx", ".pptm", ".ppsx"), is_zip=True,
        zip_member="ppt/presentation.xml",
        reader="documents.extraction.readers.office.pptx.read_pptx",
    ),
    Format(
        "xlsx", "Excel (XLSX)", (f"{_OFFICE}.spreadsheetml.sheet",),
        listed="Excel", icon="table", suffixes=(".xlsx", ".xlsm"), is_zip=True,
        zip_member="xl/workbook.xml", reader="documents.extraction.readers.office.xlsx.read_xlsx",
    ),
    Format(
        "xls", "Excel (XLS)", ("application/vnd.ms-excel",),
        listed="XLS", icon="table", suffixes=(".xls",),
        detector="documents.extraction.refusals.is_old_workbook",
        reader="documents.extraction.readers.office.old_workbook.read_xls",
    ),
    Format(
        "xlsb", "Excel (XLSB)", ("application/vnd.ms-excel.sheet.binary.macroenabled.12",),
        icon="table", suffixes=(".xlsb",), is_zip=True, zip_member="xl/workbook.bin",
        reader="documents.extraction.readers.office.old_workbook.read_xlsb",
    ),
    Format(
        "odt", gettext_noop("OpenDocument text (ODT)"),
        (f"{_ODF}.text", f"{_ODF}.text-template"),
        listed="ODT", suffixes=(".odt", ".ott"), is_zip=True,
        reader="documents.extraction.readers.office.opendocument.files.read_odt",
    ),
    Format(
        "ods", gettext_noop("OpenDocument spreadsheet (ODS)"),
        (f"{_ODF}.spreadsheet", f"{_ODF}.spreadsheet-template"),
        listed="ODS", icon="table", suffixes=(".ods",), is_zip=True,
        reader="documents.extraction.readers.office.opendocument.files.read_ods",
    ),
    Format(
        "odp", gettext_noop("OpenDocument presentation (ODP)"),
        (f"{_ODF}.presentation", f"{_ODF}.presentation-template"),
        listed="ODP", icon="slides", suffixes=(".odp",), is_zip=True,
        reader="documents.extraction.readers.office.opendocument.files.read_odp",
    ),
    Format(
        "rtf", gettext_noop("Rich text (RTF)"), ("application/rtf", "text/rtf"),
        listed="RTF", suffixes=(".rtf",), magic=(b"{\\rtf",),
        reader="documents.extraction.readers.office.rtf.reader.read_rtf",
    ),
    Format(
        "epub", gettext_noop("E-book (EPUB)"), ("application/epub+zip",),
        listed="EPUB", icon="book", suffixes=(".epub",), is_zip=True,
        zip_member="META-INF/container.xml",
        reader="documents.extraction.readers.web.epub.read_epub",
    ),
    Format(
        "eml", gettext_noop("E-mail (EML)"), ("message/rfc822",),
        listed=gettext_noop("e-mail"), icon="mail", suffixes=(".eml",), is_text=True,
        detector="documents.extraction.signatures.is_mail",
        reader="documents.extraction.readers.mail.read_mail", is_wrapped=True,
    ),
    Format(
        "mbox", gettext_noop("Mailbox (MBOX)"), ("application/mbox",),
        icon="mail", suffixes=(".mbox", ".mbx"), is_text=True,
        detector="documents.extraction.signatures.is_mailbox",
        reader="documents.extraction.readers.mail.read_mailbox", is_wrapped=True,
    ),
    Format(
        "msg", gettext_noop("Outlook message (MSG)"), ("application/vnd.ms-outlook",),
        icon="mail", suffixes=(".msg",),
        detector="documents.extraction.refusals.is_outlook",
        reader="documents.extraction.readers.mail.read_outlook", is_wrapped=True,
    ),
    Format(
        "html", gettext_noop("Web page (HTML)"), ("text/html", "application/xhtml+xml"),
        listed="HTML", icon="web", suffixes=(".html", ".htm", ".xhtml"), is_text=True,
        detector="documents.extraction.signatures.is_html",
        guesser="documents.extraction.signatures.may_be_html",
        reader="documents.extraction.readers.web.page.read_html",
    ),
    Format(
        "ipynb", gettext_noop("Notebook (Jupyter)"), ("application/x-ipynb+json",),
        icon="data", suffixes=(".ipynb",), is_text=True,
        detector="documents.extraction.signatures.is_notebook",
        reader="documents.extraction.readers.data.notebook.read_notebook",
    ),
    Format(
        "jsonl", gettext_noop("JSON lines"), ("application/x-ndjson", "application/jsonl"),
        icon="data", suffixes=(".jsonl", ".ndjson"), is_text=True,
        detector="documents.extraction.signatures.is_json_lines",
        reader="documents.extraction.readers.data.records.read_json_lines",
    ),
    Format(
        "json", "JSON", ("application/json",),
        listed="JSON", icon="data", suffixes=(".json", ".geojson"), is_text=True,
        detector="documents.extraction.signatures.is_json",
        reader="documents.extraction.readers.data.records.read_json",
    ),
    Format(
        "xml", "XML", ("application/xml", "text/xml", "application/rss+xml",
        "application/atom+xml", "image/svg+xml"),
        icon="data", suffixes=(".xml", ".rss", ".atom", ".svg", ".opml"), is_text=True,
        detector="documents.extraction.signatures.is_xml",
        guesser="documents.extraction.signatures.may_be_xml",
        reader="documents.extraction.readers.web.xml.read_xml",
    ),
    Format(
        "csv", gettext_noop("Table (CSV)"), ("text/csv", "text/tab-separated-values"),
        listed="CSV", icon="table", suffixes=(".csv", ".tsv"), is_text=True,
        guesser="documents.extraction.signatures.may_be_table",
        reader="documents.extraction.readers.data.csv.read_csv",
    ),
    Format(
        "code", gettext_noop("Source code"), ("text/x-source",),
        icon="data", suffixes=CODE_SUFFIXES, is_text=True,
        guesser="documents.extraction.signatures.may_be_code",
        reader="documents.extraction.readers.plain.read_code",
    ),
    Format(
        "yaml", "YAML", ("application/yaml", "text/yaml"),
        icon="data", suffixes=(".yaml", ".yml"), is_text=True,
        reader="documents.extraction.readers.plain.read_code",
    ),
    Format(
        "log", gettext_noop("Log"), ("text/x-log",),
        suffixes=(".log",), is_text=True,
        guesser="documents.extraction.signatures.may_be_log",
        reader="documents.extraction.readers.plain.read_code",
    ),
    Format(
        "md", "Markdown", ("text/markdown",),
        listed="Markdown", suffixes=(".md", ".markdown", ".mkd", ".mdx", ".rmd", ".qmd"),
        is_text=True, detector="documents.extraction.signatures.has_front_matter",
        guesser="documents.extraction.signatures.may_be_markdown",
        reader="documents.extraction.readers.web.markdown.read_markdown",
    ),
    Format(
        "rst", "reStructuredText", ("text/x-rst",),
        suffixes=(".rst", ".rest"), is_text=True,
        reader="documents.extraction.readers.text.rst.read_rst",
    ),
    Format(
        "org", "Org", ("text/x-org",),
        suffixes=(".org",), is_text=True,
        reader="documents.extraction.readers.text.org.read_org",
    ),
    Format(
        "tex", "LaTeX", ("application/x-tex", "text/x-tex"),
        suffixes=(".tex", ".latex"), is_text=True,
        reader="documents.extraction.readers.text.tex.read_tex",
    ),
    Format(
        "txt", gettext_noop("Plain text"), ("text/plain",),
        listed=gettext_noop("text"), suffixes=(".txt", ".text"), is_text=True,
        reader="documents.extraction.readers.plain.read_text", is_wrapped=True,
    ),
    Format(
        "png", gettext_noop("Image (PNG)"), ("image/png",),
        icon="picture", suffixes=(".png",), magic=(b"\x89PNG\r\n\x1a\n",), is_scannable=True,
        reader="documents.extraction.readers.picture.read_picture",
    ),
    Format(
        "jpeg", gettext_noop("Image (JPEG)"), ("image/jpeg",),
        icon="picture", suffixes=(".jpg", ".jpeg"), magic=(b"\xff\xd8\xff",), is_scannable=True,
        reader="documents.extraction.readers.picture.read_picture",
    ),
    Format(
        "tiff", gettext_noop("Image (TIFF)"), ("image/tiff",),
        icon="picture", suffixes=(".tif", ".tiff"), magic=(b"II*\x00", b"MM\x00*"),
        is_scannable=True,
        reader="documents.extraction.readers.picture.read_picture",
    ),
):  # fmt: skip
    register(_format)

PLAIN_TEXT = FORMATS["txt"]
