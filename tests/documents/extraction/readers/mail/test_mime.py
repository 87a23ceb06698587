"""Mails from their bytes to text, blocks and metadata."""

from datetime import date

import pytest

from documents.errors import IngestError
from tests.documents import files
from tests.documents.extraction.readers.mail.mails import Read, body, mail, shown

HEAD = b"From: Ann <ann@example.org>\nTo: bob@example.org\nSubject: Tides\n"


def test_a_mail_shows_its_fields_above_its_text_and_is_called_by_its_subject(read: Read) -> None:
    date_line = b"Date: Mon, 04 Mar 2024 23:30:00 -0800\nX-Spam: no\n"
    found = read(HEAD + date_line + b"\nNeap tides\nare weak.\n\nSpring tides are strong.\n")
    assert (found.type, found.title, found.content_date) == ("eml", "Tides", date(2024, 3, 4))
    assert shown(found) == [
        ("mail_field", "Subject: Tides"),
        ("mail_field", "From: Ann <ann@example.org>"),
        ("mail_field", "To: bob@example.org"),
        ("mail_field", "Date: Mon, 04 Mar 2024 23:30:00 -0800"),
        ("paragraph", "Neap tides\nare weak."),
        ("paragraph", "Spring tides are strong."),
    ]


def test_what_ties_a_thread_together_is_kept_as_metadata(read: Read) -> None:
    thread = b"Message-ID: <3@x>\nIn-Reply-To: <2@x>\nReferences: <1@x>\n\t<2@x>\nList-Id: <x.y>\n"
    found = read(HEAD + thread + b"\nYes.\n")
    assert found.metadata == {
        "message_id": "<3@x>",
        "in_reply_to": "<2@x>",
        "references": ["<1@x>", "<2@x>"],
        "list_id": "<x.y>",
    }
    assert "<2@x>" not in found.text


HTML = (
    "<html><head><title>No</title><style>p{color:red}</style></head><body><p>Agenda</p>"
    "<div style='display:none'>Preview of nothing</div>"
    "<ul><li>Budget<li>Holidays<ul><li>Summer</ul></ul>"
    "<table><tr><th>Name</th><th>Phone</th></tr><tr><td>Ann</td><td>5512</td></tr></table>"
    "<table><tr><td><p>Left</p></td><td><div>Right</div></td></tr></table>"
    "<blockquote>She <b>wrote</b></blockquote>Best regards,<br>Seb<i>astian</i><p>\n  a\n b </p>"
)


def test_blocks_of_html_are_words_of_their_own(read: Read) -> None:
    message = mail()
    message.set_content(HTML, subtype="html")
    found = read(message.as_bytes())
    assert body(found) == [
        ("paragraph", "Agenda"),
        ("hidden", "Preview of nothing"),
        ("list_item", "Budget"),
        ("list_item", "Holidays"),
        ("list_item", "Summer"),
        ("table", "Name\tPhone\nAnn\t5512"),
        ("paragraph", "Left"),
        ("paragraph", "Right"),
        ("quote", "She wrote"),
        ("paragraph", "Best regards,\nSebastian"),
        ("paragraph", "a b"),
    ]
    [table] = [block for block in found.blocks if block.kind == "table"]
    assert [cell.is_header for cell in table.cells] == [True, True, False, False]
    assert [block.level for block in found.blocks if block.kind == "list_item"] == [0, 0, 1]


@pytest.mark.parametrize(
    ("plain", "html", "words"),
    [
        ("Neaps are weak. https://x.org/1", "<p>Neaps are <b>weak</b>.</p>", "Neaps are weak."),
        ("Neaps are weak.", "<p><img src='cid:1'></p>", "Neaps are weak."),
        ("See the other part.", "<p>Neaps are weak as ever.</p>", "Neaps are weak as ever."),
    ],
    ids=["as full", "only a picture", "only a hint"],
)  # fmt: skip
def test_of_two_forms_of_a_text_the_fuller_is_kept_once(
    plain: str, html: str, words: str, read: Read
) -> None:
    message = mail()
    message.set_content(plain)
    message.add_alternative(html, subtype="html")
    assert body(read(message.as_bytes())) == [("paragraph", words)]


JAPANESE = "明日の会議は東京で行います。"
CHARSETS = {
    "ISO-2022-JP": (JAPANESE.encode("iso2022_jp"), "iso-2022-jp", JAPANESE),
    "ISO-2022-JP without a word": (JAPANESE.encode("iso2022_jp"), "", JAPANESE),
    "ISO-2022-JP called ASCII": (JAPANESE.encode("iso2022_jp"), "us-ascii", JAPANESE),
    "Windows called ISO": ("Es heißt „Flut“.".encode("cp1252"), "iso-8859-1", "Es heißt „Flut“."),
    "GB18030 called GB2312": ("镕基".encode("gb18030"), "gb2312", "镕基"),
    "an unknown name": ("Größe".encode(), "x-unknown", "Größe"),
    "no encoding of texts": ("Größe".encode(), "punycode", "Größe"),
    "UTF-8 called ASCII": ("Größe".encode(), "us-ascii", "Größe"),
}  # fmt: skip


@pytest.mark.parametrize("case", CHARSETS)
def test_a_text_is_read_in_the_encoding_that_was_meant(case: str, read: Read) -> None:
    data, charset, text = CHARSETS[case]
    kind = f"Content-Type: text/plain; charset={charset}\n".encode() if charset else b""
    found = read(HEAD + kind + b"Content-Transfer-Encoding: 8bit\n\n" + data + b"\n")
    assert body(found) == [("paragraph", text)]


@pytest.mark.parametrize(
    ("raw", "subject"),
    [
        (b"=?ISO-2022-JP?B?GyRCMnE1RBsoQg==?=", "会議"),
        (b"=?utf-8?Q?Gr=C3=B6?=\n =?utf-8?Q?=C3=9Fe?= gut", "Größe gut"),
        ("Größe".encode(), "Größe"),
        ("Größe der Flut".encode("latin-1"), "Größe der Flut"),
        (b"=?utf-8?B?x?=", "=?utf-8?B?x?="),
        (b"Ne=?utf-8?Q?=00a?=p\0 tides", "Neap tides"),
    ],
)
def test_a_subject_is_decoded(raw: bytes, subject: str, read: Read) -> None:
    data = b"From: a@x.org\nTo: b@x.org\nSubject: " + raw + b"\n\nTides.\n"
    assert read(data).title == subject


def test_lines_that_a_program_broke_are_joined_and_quoted_ones_told_apart(read: Read) -> None:
    kind = b"Content-Type: text/plain; format=flowed\n\n"
    found = read(
        HEAD + kind + b"Neap tides \nare weak.\n> They \n> are.\n>> Are they?\nBye\n-- \nAnn\n"
    )
    assert body(found) == [
        ("paragraph", "Neap tides are weak."),
        ("quote", "They are."),
        ("quote", "Are they?"),
        ("paragraph", "Bye\n-- \nAnn"),
    ]
    assert [block.level for block in found.blocks if block.kind == "quote"] == [1, 2]


def test_a_forwarded_mail_stands_once_under_its_subject(read: Read) -> None:
    innermost, inner, outer = mail("Deep"), mail("Inner"), mail("Outer")
    innermost.set_content("Deepest words.")
    inner.set_content("Inner words.")
    inner.add_attachment(innermost)
    outer.set_content("See below.")
    outer.add_attachment(inner)
    found = read(outer.as_bytes())
    assert [(h.title, h.level) for h in found.headings] == [("Inner", 1), ("Deep", 2)]
    for words in ("See below.", "Inner words.", "Deepest words."):
        assert found.text.count(words) == 1


def test_attachments_follow_by_name_and_pictures_are_only_named(read: Read) -> None:
    message = mail()
    message.set_content("See the files.")
    message.add_attachment(
        files.docx([("Neap tides", "Weak.")]), "application", "octet-stream", filename="Gröe.docx"
    )
    message.add_attachment(b"\x89PNG\r\n\x1a\n", "image", "png", filename="moon.png")
    message.add_attachment(bytes(range(256)), "application", "x-odd", filename="noise.bin")
    found = read(message.as_bytes())
    assert ("mail_field", "Attachments: Gröe.docx, moon.png, noise.bin") in shown(found)
    assert [(h.title, h.level) for h in found.headings] == [("Gröe.docx", 1), ("Neap tides", 2)]
    assert "Weak." in found.text


def test_a_notice_that_a_mail_was_not_delivered_says_why(read: Read) -> None:
    found = read(
        HEAD + b"MIME-Version: 1.0\nContent-Type: multipart/report; boundary=b\n\n--b\n\nSorry.\n"
        b"--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x.org\n\n"
        b"Status: 5.0.0 (quota)\n\n--b--\n"
    )
    assert body(found) == [
        ("paragraph", "Sorry."),
        ("paragraph", "Reporting-MTA: dns; x.org"),
        ("paragraph", "Status: 5.0.0 (quota)"),
    ]


def test_parts_for_programs_are_left_out(read: Read) -> None:
    found = read(
        HEAD + b"Content-Type: multipart/signed; boundary=b\n\n--b\n\nSigned.\n--b\n"
        b"Content-Type: application/pgp-signature\n\n-----BEGIN PGP SIGNATURE-----\n--b--\n"
    )
    assert body(found) == [("paragraph", "Signed.")]


def test_a_mail_that_is_cut_short_or_badly_made_keeps_its_text(read: Read) -> None:
    cut = HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nNeap tides.\n"
    nameless = HEAD + b"Content-Type: multipart/mixed\n\nNeap tides.\n"
    base64 = HEAD + b"Content-Transfer-Encoding: base64\n\nTmVhcCB0aWRlcy4\n"
    for data in (cut, nameless, base64):
        assert body(read(data)) == [("paragraph", "Neap tides.")]


def test_mails_in_mails_without_end_are_bounded(read: Read) -> None:
    nested = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(3000)
    )
    with pytest.raises(IngestError, match="damaged"):
        read(HEAD + nested)
    forwarded = b"Content-Type: message/rfc822\n\nSubject: Again\n" * 200
    assert read(HEAD + forwarded + b"\nEnd.\n").text.count("Again") < 40


def test_a_text_that_speaks_of_mails_is_none(read: Read) -> None:
    for text in (b"From here on Monday at 10:00 in 2024\n\nwe go.\n", b"Subject: none of yours\n"):
        assert read(text, "a.txt").type == "txt"


def test_a_mail_that_quotes_a_web_page_is_a_mail(read: Read) -> None:
    found = read(HEAD + b"\nWrite <html> at the top.\n", "a.txt")
    assert (found.type, body(found)) == ("eml", [("paragraph", "Write <html> at the top.")])


@pytest.mark.parametrize(
    "parameters",
    [
        b'text/plain; charset="\0utf-8"',
        b"text/plain; charset*=\0''a%20b",
        b"text/plain; name*=utf-8''",
        b"text/plain; name*=\0''a%20b",
    ],
)
def test_parameters_that_nobody_can_read_harm_no_mail(read: Read, parameters: bytes) -> None:
    assert (
        "Neap tides é"
        in read(HEAD + b"Content-Type: " + parameters + "\n\nNeap tides é".encode()).text
    )
