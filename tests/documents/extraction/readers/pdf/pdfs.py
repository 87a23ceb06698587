"""PDFs written object by object, so that a test says exactly what is drawn where."""

from collections.abc import Callable, Sequence

from documents.extracted_text import ExtractedText

Read = Callable[..., ExtractedText]

HELVETICA = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"


def raw_pdf(
    *contents: str,
    objects: Sequence[str] = (),
    fonts: str = "",
    resources: str = "",
    page: str = "",
    catalog: str = "",
    info: str = "",
) -> bytes:
    """A page of 600 by 800 points for each content stream, with Helvetica as /F1.

    `objects` get the numbers from 10 on; the other texts are entries of the dictionaries that they
    are named for.
    """
    first_page = 10 + len(objects)
    kids = " ".join(f"{first_page + 2 * n} 0 R" for n in range(len(contents)))
    numbered = {
        1: f"<< /Type /Catalog /Pages 2 0 R {catalog} >>",
        2: f"<< /Type /Pages /Kids [{kids}] /Count {len(contents)} /MediaBox [0 0 600 800] >>",
        3: HELVETICA,
        4: f"<< {info} >>",
    } | dict(enumerate(objects, 10))
    for n, content in enumerate(contents):
        numbered[first_page + 2 * n] = (
            f"<< /Type /Page /Parent 2 0 R /Contents {first_page + 2 * n + 1} 0 R {page} "
            f"/Resources << /Font << /F1 3 0 R {fonts} >> {resources} >> >>"
        )
        numbered[first_page + 2 * n + 1] = stream(content)
    return _file(numbered)


def stream(content: str, entries: str = "") -> str:
    return f"<< /Length {len(content)} {entries} >>\nstream\n{content}\nendstream"


def _file(objects: dict[int, str]) -> bytes:
    data = b"%PDF-1.7\n"
    places = {}
    for number, text in sorted(objects.items()):
        places[number] = len(data)
        data += f"{number} 0 obj\n{text}\nendobj\n".encode("latin-1")
    start = len(data)
    data += f"xref\n0 {max(objects) + 1}\n".encode()
    for number in range(max(objects) + 1):
        place = places.get(number)
        data += b"0000000000 65535 f \n" if place is None else b"%010d 00000 n \n" % place
    size = max(objects) + 1
    trailer = f"trailer << /Size {size} /Root 1 0 R /Info 4 0 R >>\nstartxref\n{start}\n%%EOF\n"
    return data + trailer.encode()


def text_at(x: float, y: float, text: str, *, size: float = 12, before: str = "") -> str:
    """Drawing of one piece of text; `before` holds operators that change how it looks."""
    escaped = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    return f"q {before} BT /F1 {size} Tf {x} {y} Td ({escaped}) Tj ET Q\n"


def lines_at(
    x: float, y: float, lines: Sequence[str], *, size: float = 12, lead: float = 14
) -> str:
    return "".join(text_at(x, y - n * lead, line, size=size) for n, line in enumerate(lines))


def shown(found: ExtractedText) -> list[tuple[str, str]]:
    return [(block.kind, found.text[block.start : block.end]) for block in found.blocks]
