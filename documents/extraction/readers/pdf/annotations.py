"""What is written on a page beside its text: values of form fields, notes, comments, links."""

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from documents.extraction.readers.pdf.segments import FontStyle, Line, LineSegment
from documents.extraction.readers.pdf.visibility import Box

MOST_ANNOTATIONS = 5_000
MOST_CHARACTERS = 100_000


@dataclass(frozen=True)
class Comment:
    author: str
    text: str


@dataclass(frozen=True)
class EmbeddedFile:
    name: str
    data: bytes


class Annotations:
    """The annotations of a page. `form` is the form's environment, or None without a form."""

    def __init__(self, page: Any, form: Any) -> None:
        import pypdfium2.raw as pdfium

        self.pdfium = pdfium
        self.form = form
        self.values: list[Line] = []
        self.comments: list[Comment] = []
        self.files: list[EmbeddedFile] = []
        for at in range(min(pdfium.FPDFPage_GetAnnotCount(page.raw), MOST_ANNOTATIONS)):
            with self._opened(page, at) as annotation:
                if annotation:
                    self._read(annotation)

    @contextmanager
    def _opened(self, page: Any, at: int) -> Iterator[Any]:
        annotation = self.pdfium.FPDFPage_GetAnnot(page.raw, at)
        try:
            yield annotation
        finally:
            if annotation:
                self.pdfium.FPDFPage_CloseAnnot(annotation)

    def _read(self, annotation: Any) -> None:
        pdfium = self.pdfium
        kind = pdfium.FPDFAnnot_GetSubtype(annotation)
        if pdfium.FPDFAnnot_GetFlags(annotation) & pdfium.FPDF_ANNOT_FLAG_HIDDEN:
            return
        if kind == pdfium.FPDF_ANNOT_WIDGET:
            self._add_value(annotation, self._field(annotation) if self.form else "")
        elif kind == pdfium.FPDF_ANNOT_FREETEXT:
            self._add_value(annotation, self._string(annotation, b"Contents"))
        elif kind == pdfium.FPDF_ANNOT_FILEATTACHMENT:
            self.files += embedded_file(pdfium.FPDFAnnot_GetFileAttachment(annotation))
        elif kind not in (pdfium.FPDF_ANNOT_LINK, pdfium.FPDF_ANNOT_POPUP):
            text = self._string(annotation, b"Contents").strip()
            if text:
                self.comments.append(Comment(self._string(annotation, b"T").strip(), text))

    def _field(self, annotation: Any) -> str:
        """The value of a field that a reader sees: of a button, only that it is set."""
        pdfium = self.pdfium
        kind = pdfium.FPDFAnnot_GetFormFieldType(self.form, annotation)
        if kind in (pdfium.FPDF_FORMFIELD_CHECKBOX, pdfium.FPDF_FORMFIELD_RADIOBUTTON):
            return "☑" if pdfium.FPDFAnnot_IsChecked(self.form, annotation) else ""
        if kind in (pdfium.FPDF_FORMFIELD_PUSHBUTTON, pdfium.FPDF_FORMFIELD_SIGNATURE):
            return ""
        return _text(
            lambda buffer, size: pdfium.FPDFAnnot_GetFormFieldValue(
                self.form, annotation, buffer, size
            )
        )

    def _string(self, annotation: Any, key: bytes) -> str:
        return _text(
            lambda buffer, size: self.pdfium.FPDFAnnot_GetStringValue(annotation, key, buffer, size)
        )

    def _add_value(self, annotation: Any, text: str) -> None:
        rect = self.pdfium.FS_RECTF()
        if not text.strip() or not self.pdfium.FPDFAnnot_GetRect(annotation, rect):
            return
        lines = text.replace("\r\n", "\n").replace("\r", "\n").strip().split("\n")
        height = (rect.top - rect.bottom) / len(lines)
        for number, line in enumerate(lines):
            top = rect.top - number * height
            box: Box = (rect.left, top - height, rect.right, top)
            self.values.append(Line([LineSegment(line, box, FontStyle(min(max(height, 1), 10)))]))


def with_values(lines: list[Line], values: list[Line]) -> list[Line]:
    """The lines of a page with values of fields where they stand."""
    found = list(lines)
    for value in values:
        middle = value.segments[0].middle
        level = [one for one in found if abs((one.box[1] + one.box[3]) / 2 - middle) < 6]
        if level:
            segments = [*level[0].segments, *value.segments]
            at = found.index(level[0])
            found[at] = Line(sorted(segments, key=lambda one: one.box[0]), level[0].is_broken)
        else:
            at = next((n for n, one in enumerate(found) if one.box[3] < middle), len(found))
            found.insert(at, value)
    return found


def embedded_file(attachment: Any) -> list[EmbeddedFile]:
    """An attachment of pdfium's, if it has a file."""
    import pypdfium2.raw as pdfium

    size = ctypes.c_ulong()
    if not attachment or not pdfium.FPDFAttachment_GetFile(attachment, None, 0, size):
        return []
    buffer = ctypes.create_string_buffer(size.value or 1)
    if not pdfium.FPDFAttachment_GetFile(attachment, buffer, size.value, size):
        return []
    name = _text(lambda text, length: pdfium.FPDFAttachment_GetName(attachment, text, length))
    return [EmbeddedFile(name, buffer.raw[: size.value])]


def _text(fill: Any) -> str:
    """A text of pdfium's: `fill(buffer, bytes)` returns how many bytes it needs."""
    import pypdfium2.raw as pdfium

    size = min(fill(None, 0), 2 * MOST_CHARACTERS)
    if size <= 2:
        return ""
    buffer = ctypes.create_string_buffer(size)
    fill(ctypes.cast(buffer, ctypes.POINTER(pdfium.FPDF_WCHAR)), size)
    return buffer.raw[:size].decode("utf-16-le", "replace").rstrip("\0")
