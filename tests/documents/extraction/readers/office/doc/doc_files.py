"""Old Word documents written byte by byte, as no library writes them."""

import struct
from dataclasses import dataclass

SECTOR, PAGE = 512, 512
TEXT_AT = 0x400
END, FREE, FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


@dataclass(frozen=True)
class Part:
    """A paragraph with what ends it, its style, and the settings that it has."""

    text: str
    end: str = "\r"
    style: int = 0
    settings: bytes = b""


def doc_file(
    parts: list[Part], *, styles: dict[int, str] | None = None, note: str = "", flags: int = 0
) -> bytes:
    """A document of these paragraphs, with a footnote after them."""
    units = ["".join(part.text + part.end for part in parts), f"{note}\r" if note else ""]
    text = "".join(units).encode("utf-16-le")
    document = bytearray(TEXT_AT) + text
    document += b"\0" * (-len(document) % PAGE)
    page = len(document) // PAGE
    document += _paragraph_page(parts)
    table = bytearray()
    places = {}
    pieces = struct.pack("<II", 0, len(text) // 2) + struct.pack("<HIH", 0, TEXT_AT, 0)
    for place, data in (
        (0xA2, _stylesheet(styles or {})),
        (0x102, struct.pack("<III", TEXT_AT, TEXT_AT + len(text), page)),
        (0x1A2, b"\x02" + struct.pack("<I", len(pieces)) + pieces),
    ):
        places[place] = (len(table), len(data))
        table += data
    struct.pack_into("<H", document, 0, 0xA5EC)
    struct.pack_into("<H", document, 0x0A, 0x0200 | flags)
    struct.pack_into("<II", document, 0x4C, *(len(one.encode("utf-16-le")) // 2 for one in units))
    for place, (start, size) in places.items():
        struct.pack_into("<II", document, place, start, size)
    return compound_file({"WordDocument": bytes(document), "1Table": bytes(table)})


def _paragraph_page(parts: list[Part]) -> bytes:
    page = bytearray(PAGE)
    page[PAGE - 1] = len(parts)
    starts, at = [TEXT_AT], PAGE - 2
    for n, part in enumerate(parts):
        starts.append(starts[-1] + 2 * len((part.text + part.end).encode("utf-16-le")) // 2)
        held = struct.pack("<H", part.style) + part.settings
        at = (at - len(held) - 2) // 2 * 2
        half, odd = divmod(len(held), 2)
        if odd:
            page[at], place = half + 1, at + 1
        else:
            page[at], page[at + 1], place = 0, half, at + 2
        page[place : place + len(held)] = held
        page[4 * (len(parts) + 1) + 13 * n] = at // 2
    struct.pack_into(f"<{len(starts)}I", page, 0, *starts)
    return bytes(page)


def _stylesheet(styles: dict[int, str]) -> bytes:
    """Styles by their numbers among Word's own: 1 is "heading 1"."""
    found = struct.pack("<HHH", 4, len(styles), 10)
    for own, name in styles.items():
        encoded = name.encode("utf-16-le")
        held = struct.pack("<H", own) + b"\0" * 8 + struct.pack("<H", len(name)) + encoded + b"\0\0"
        found += struct.pack("<H", len(held)) + held
    return found


def compound_file(streams: dict[str, bytes]) -> bytes:
    """An OLE file; streams are padded to what is stored in whole sectors."""
    padded = {
        name: data + b"\0" * (max(4096, len(data)) - len(data)) for name, data in streams.items()
    }
    body, fat = b"", [FAT, END]
    entries: list[bytes] = []
    for name, data in padded.items():
        count = -(-len(data) // SECTOR)
        first = len(fat)
        fat += [*range(first + 1, first + count), END]
        body += data.ljust(count * SECTOR, b"\0")
        entries.append(_entry(name, 2, first, len(data), len(entries)))
    root = _entry("Root Entry", 5, END, 0, -1, child=1)
    directory = b"".join([root, *entries]).ljust(SECTOR, b"\0")
    header = bytearray(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(SECTOR, b"\0"))
    struct.pack_into("<HHHHH", header, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<IIIIIIIII", header, 44, 1, 1, 0, 4096, END, 0, END, 0, 0)
    header[80:SECTOR] = struct.pack("<I", FREE) * 108
    table = struct.pack(f"<{len(fat)}I", *fat).ljust(SECTOR, b"\xff")
    return bytes(header) + table + directory + body


def _entry(name: str, kind: int, first: int, size: int, at: int, *, child: int = 0) -> bytes:
    encoded = (name + "\0").encode("utf-16-le")
    right = at + 2 if at == 0 else FREE
    return (
        encoded.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(encoded), kind, 1, FREE, right, child or FREE)
        + b"\0" * 36
        + struct.pack("<IQ", first, size)
    )
