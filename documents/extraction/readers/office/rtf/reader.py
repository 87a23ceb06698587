"""Reads rich text: groups, destinations and paragraphs as text with its blocks."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from documents.extracted_text import ExtractedText, MarkKind
from documents.extraction.formats import Format
from documents.extraction.readers.office.properties import described
from documents.extraction.readers.office.rtf.destinations import (
    CAPTURED,
    NOTES,
    PASSED,
    REPEATED,
    SHOWN,
)
from documents.extraction.readers.office.rtf.info import rtf_properties
from documents.extraction.readers.office.rtf.paragraphs import ParagraphSettings, RtfParagraphs
from documents.extraction.readers.office.rtf.tokens import (
    CHARSETS,
    SIGNS,
    RtfToken,
    codec_name,
    rtf_tokens,
)
from documents.extraction.text_builder import TextBuilder

LINK = re.compile(r'HYPERLINK\s+(?:\\\w\s+)*"((?:https?|mailto|ftp|tel):[^"]+)"', re.I)
SMALLEST = 2  # half points
DEEPEST = 500


@dataclass(frozen=True)
class _Group:
    """What holds until a brace closes."""

    destination: str = "body"
    font: int = -1
    skipped: int = 1
    bold: bool = False
    italic: bool = False
    hidden: bool = False
    target: str = ""
    settings: ParagraphSettings = field(default_factory=ParagraphSettings)


def read_rtf(path: Path, file_format: Format) -> ExtractedText:
    """The words of a rich text in the code pages of its fonts, with notes and comments after their
    paragraph; what pages repeat stands once, at the end."""
    reader = _taken(path.read_bytes())
    return described(reader.paragraphs.builder.extracted(), rtf_properties(reader.captured))


def rtf_text(data: bytes) -> TextBuilder:
    """The blocks of a rich text within another document."""
    return _taken(data).paragraphs.builder


def _taken(data: bytes) -> "RtfReader":
    reader = RtfReader()
    for token in rtf_tokens(data):
        reader.take(token)
    reader.finish()
    return reader


class RtfReader:
    """Takes the tokens of a rich text one by one."""

    def __init__(self) -> None:
        self.group = _Group()
        self.stack: list[_Group] = []
        self.paragraphs = RtfParagraphs()
        self.captured: dict[str, str] = {}
        self.fonts: dict[int, str] = {}
        self.page = "cp1252"
        self.bytes = b""
        self.to_skip = 0
        self.is_optional = False
        self.too_deep = 0
        self.actions: dict[str, Callable[[int | None], None]] = {
            "ansicpg": self._code_page, "mac": self._mac, "u": self._unicode,
            "fcharset": self._charset, "par": self._paragraph, "sect": self._paragraph,
            "page": self._paragraph, "cell": self._cell, "row": self._row, "pard": self._reset,
            "plain": self._plain,
        }  # fmt: skip

    def finish(self) -> None:
        """What is begun ends."""
        self._flush()
        self.paragraphs.finish()

    def take(self, token: RtfToken) -> None:
        if token.kind == "bytes":
            self._take_bytes(token.data)
            return
        if token.kind != "word" or token.word not in ("u", "f"):
            self._flush()
        if token.kind == "{":
            self._open()
        elif token.kind == "}":
            self._close()
        elif token.kind == "optional":
            self.is_optional = True
        elif token.kind == "sign":
            self._add(token.word)
        elif token.kind == "word":
            self._word(token.word, token.number)

    def _open(self) -> None:
        self.to_skip = 0
        if len(self.stack) >= DEEPEST:
            self.too_deep += 1
            return
        self.stack.append(self.group)
        self.is_optional = False

    def _close(self) -> None:
        self.to_skip, self.is_optional = 0, False
        if self.too_deep:
            self.too_deep -= 1
            return
        if not self.stack:
            return
        left, self.group = self.group, self.stack.pop()
        if left.destination == self.group.destination:
            if left.destination == "stylesheet":
                self.paragraphs.name_style(left.settings.style, self.captured.pop("stylesheet", ""))
            if left.destination == "body":  # paragraphs' settings outlive a group
                self.group = replace(self.group, settings=left.settings)
            return
        self._leave(left.destination)

    def _leave(self, destination: str) -> None:
        if destination in NOTES or destination in REPEATED:
            label = self.captured.pop("atnauthor", "") if destination == "annotation" else ""
            self.paragraphs.leave(label)
        elif destination == "fldinst":
            found = LINK.search(self.captured.pop("fldinst", ""))
            target = found[1] if found else ""
            self.group = replace(self.group, target=target)
        elif destination in ("listtext", "pntext"):
            self.paragraphs.label = self.captured.pop(destination, "").strip()

    def _word(self, word: str, number: int | None) -> None:
        optional, self.is_optional = self.is_optional, False
        if self._enters(word, optional) or self.group.destination == "passed":
            return
        if self.to_skip and word in SIGNS:
            self.to_skip -= 1
        elif word in SIGNS:
            self._add(SIGNS[word])
        elif word in self.actions:
            self.actions[word](number)
        else:
            self._set(word, number)

    def _enters(self, word: str, optional: bool) -> bool:
        """Whether the word begins a destination."""
        if self.group.destination == "passed":
            return True
        if word in ("fonttbl", "stylesheet") or word in CAPTURED:
            if word in CAPTURED:
                self.captured[word] = ""  # what is stated again in Unicode counts
            self.group = replace(self.group, destination=word)
        elif word in NOTES or word in REPEATED:
            self.paragraphs.enter(NOTES.get(word) or REPEATED[word])
            self.group = replace(self.group, destination=word, settings=ParagraphSettings())
        elif word in PASSED or (optional and word not in SHOWN):
            self.group = replace(self.group, destination="passed")
        else:
            return word in SHOWN
        return True

    def _set(self, word: str, number: int | None) -> None:
        group, is_on = self.group, number != 0
        if word == "f":
            self._flush()
            self.group = replace(group, font=number or 0)
        elif word == "uc":
            self.group = replace(group, skipped=max(number or 0, 0))
        elif word == "b":
            self.group = replace(group, bold=is_on)
        elif word == "i":
            self.group = replace(group, italic=is_on)
        elif word in ("v", "deleted"):
            self.group = replace(group, hidden=is_on)
        elif word == "fs":
            self.group = replace(group, hidden=(number or 24) <= SMALLEST)
        elif word in ("yr", "mo", "dy") and group.destination == "creatim":
            self.captured[word] = str(number or 0)
        else:
            self.group = replace(group, settings=group.settings.changed(word, number))

    def _take_bytes(self, data: bytes) -> None:
        self.is_optional = False
        skipped = min(self.to_skip, len(data))
        self.to_skip -= skipped
        self.bytes += data[skipped:]

    def _flush(self) -> None:
        """Decode the bytes before in the code page of their font."""
        if self.bytes:
            data, self.bytes = self.bytes, b""
            self._add(data.decode(self.fonts.get(self.group.font, self.page), "replace"))

    def _add(self, text: str) -> None:
        destination = self.group.destination
        if destination in CAPTURED or destination == "stylesheet":
            self.captured[destination] = self.captured.get(destination, "") + text
        elif destination not in ("passed", "fonttbl"):
            kinds: list[MarkKind] = ["bold"] if self.group.bold else []
            kinds += ["italic"] if self.group.italic else []
            kinds += ["link"] if self.group.target else []
            target = self.group.target
            self.paragraphs.add(text, tuple(kinds), target, is_hidden=self.group.hidden)

    def _code_page(self, number: int | None) -> None:
        self.page = codec_name(f"cp{number}") if number != 10000 else "mac_roman"

    def _mac(self, number: int | None) -> None:
        self.page = "mac_roman"

    def _charset(self, number: int | None) -> None:
        if number in CHARSETS:
            self.fonts[self.group.font] = CHARSETS[number]

    def _unicode(self, number: int | None) -> None:
        self._flush()
        self._add(chr((number or 0) % 65536))
        self.to_skip = self.group.skipped

    def _paragraph(self, number: int | None) -> None:
        if self.group.destination not in ("stylesheet", "fonttbl") and (
            self.group.destination not in CAPTURED
        ):
            self.paragraphs.end(self.group.settings)

    def _cell(self, number: int | None) -> None:
        self.paragraphs.end_cell(self.group.settings)

    def _row(self, number: int | None) -> None:
        self.paragraphs.end_row()

    def _reset(self, number: int | None) -> None:
        self.group = replace(self.group, settings=ParagraphSettings())

    def _plain(self, number: int | None) -> None:
        self.group = replace(self.group, bold=False, italic=False, hidden=False)
