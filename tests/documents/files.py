"""A real file of each format, made by the library that people make such files with."""

import io
import json
from collections.abc import Callable
from email.message import EmailMessage

GERMAN = "Überschrift"


def pdf(pages: list[str], title: str = "Chapter") -> bytes:
    from fpdf import FPDF

    document = FPDF()
    for number, text in enumerate(pages, 1):
        document.add_page()
        document.set_font("helvetica", size=20)
        document.cell(text=f"{title} {number}", new_x="LMARGIN", new_y="NEXT")
        document.set_font("helvetica", size=11)
        document.multi_cell(0, text=text)
    return bytes(document.output())


def slow_pdf(fills: int = 60_000) -> bytes:
    """A page that takes a minute to draw, of a few kilobytes: fills that cover all of it."""
    from fpdf import FPDF

    document = FPDF()
    document.set_compression(True)
    document.add_page()
    document.set_font("helvetica", size=11)
    document.cell(text="Slow")
    with document.local_context(fill_opacity=0.5):
        document._out("0 0 595 842 re 10 10 500 800 re f\n" * fills)
    return bytes(document.output())


def encrypted_pdf() -> bytes:
    from fpdf import FPDF

    document = FPDF()
    document.add_page()
    document.set_font("helvetica", size=12)
    document.cell(text="Nobody reads this")
    document.set_encryption(owner_password="owner", user_password="user")
    return bytes(document.output())


def docx(sections: list[tuple[str, str]]) -> bytes:
    from docx import Document

    document = Document()
    for heading, text in sections:
        document.add_heading(heading, 1)
        document.add_paragraph(text)
    return _saved(document.save)


def pptx(slides: list[tuple[str, str]]) -> bytes:
    from pptx import Presentation

    document = Presentation()
    for heading, text in slides:
        slide = document.slides.add_slide(document.slide_layouts[1])
        slide.shapes.title.text = heading
        slide.placeholders[1].text = text
    return _saved(document.save)


def xlsx(sheet: str, rows: list[list[object]]) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(row)
    return _saved(book.save)


def odt(heading: str, text: str) -> bytes:
    from odf.opendocument import OpenDocumentText
    from odf.text import H, P

    document = OpenDocumentText()
    document.text.addElement(H(outlinelevel=1, text=heading))
    document.text.addElement(P(text=text))
    return _saved(document.write)


def epub(heading: str, text: str) -> bytes:
    from ebooklib import epub as library

    book = library.EpubBook()
    book.set_identifier("book")
    book.set_title("A small book")
    chapter = library.EpubHtml(title=heading, file_name="one.xhtml")
    chapter.content = f"<h1>{heading}</h1><p>{text}</p>"
    book.add_item(chapter)
    book.toc = (chapter,)
    book.spine = ["nav", chapter]
    book.add_item(library.EpubNcx())
    book.add_item(library.EpubNav())
    return _saved(lambda stream: library.write_epub(stream, book))


def rtf(text: str) -> bytes:
    return f"{{\\rtf1\\ansi\\ansicpg1252 {text}\\par}}".encode("ascii")


def html(heading: str, text: str) -> bytes:
    head = "<title>A page</title><script>alert('never')</script>"
    return f"<!doctype html><html><head>{head}</head><body><h1>{heading}</h1><p>{text}</p>".encode()


def eml(subject: str, text: str, **attachments: bytes) -> bytes:
    """A mail; `tides_pdf=...` attaches a file called tides.pdf."""
    message = EmailMessage()
    message["From"], message["To"] = "ann@example.org", "bob@example.org"
    message["Subject"] = subject
    message.set_content(text)
    for name, data in attachments.items():
        filename = name.replace("_", ".")
        message.add_attachment(data, "application", "octet-stream", filename=filename)
    return message.as_bytes()


def msg(message: EmailMessage) -> bytes:
    """The mail as Outlook saves it."""
    from aspose.email_foss.msg.mapi_message import MapiMessage

    return bytes(MapiMessage.from_email_message(message).to_bytes())


def json_text(value: object) -> bytes:
    return json.dumps(value).encode()


def _saved(save: Callable[[io.BytesIO], object]) -> bytes:
    stream = io.BytesIO()
    save(stream)
    return stream.getvalue()
