"""The kinds of documents that are taken, and what people call them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """`type` is the short name in addresses and filters, `mime` what the original is served as."""

    type: str
    label: str
    mime: str
    plain: bool = False


_OFFICE = "application/vnd.openxmlformats-officedocument"

KINDS: tuple[Kind, ...] = (
    Kind("pdf", "PDF", "application/pdf"),
    Kind("docx", "Word (DOCX)", f"{_OFFICE}.wordprocessingml.document"),
    Kind("pptx", "PowerPoint (PPTX)", f"{_OFFICE}.presentationml.presentation"),
    Kind("xlsx", "Excel (XLSX)", f"{_OFFICE}.spreadsheetml.sheet"),
    Kind("odt", "OpenDocument text (ODT)", "application/vnd.oasis.opendocument.text"),
    Kind("rtf", "Rich text (RTF)", "application/rtf"),
    Kind("epub", "E-book (EPUB)", "application/epub+zip"),
    Kind("html", "Web page (HTML)", "text/html"),
    Kind("eml", "E-mail (EML)", "message/rfc822", plain=True),
    Kind("json", "JSON", "application/json", plain=True),
    Kind("csv", "Table (CSV)", "text/csv", plain=True),
    Kind("md", "Markdown", "text/markdown", plain=True),
    Kind("txt", "Plain text", "text/plain", plain=True),
    Kind("png", "Image (PNG)", "image/png"),
    Kind("jpeg", "Image (JPEG)", "image/jpeg"),
    Kind("tiff", "Image (TIFF)", "image/tiff"),
)
BY_TYPE = {kind.type: kind for kind in KINDS}
LABELS = {kind.type: kind.label for kind in KINDS}
IMAGES = frozenset({"png", "jpeg", "tiff"})

# Suffixes only decide among kinds of plain text.
PLAIN_SUFFIXES = {
    ".eml": "eml",
    ".json": "json",
    ".csv": "csv",
    ".tsv": "csv",
    ".md": "md",
    ".markdown": "md",
    ".txt": "txt",
    ".text": "txt",
    ".log": "txt",
}


def label_of(type_: str) -> str:
    """What people call a type: "PDF" for "pdf"."""
    return LABELS.get(type_, type_.upper())
