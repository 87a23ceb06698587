"""Mailboxes of several messages, and of one."""

from datetime import date

from tests.documents.extraction.readers.mail.mails import Read, body

MAILBOX = (
    b"From ann@x.org Mon Mar  4 10:00:00 2024\nFrom: ann@x.org\nSubject: Snipe\n"
    b"Date: Mon, 04 Mar 2024 10:00:00 +0100\n\nFrom here they fly.\n\nFrom there, too.\n"
    b">From time to time.\n\n"
    b"From bob@x.org Tue Mar  5 10:00:00 2024\nFrom: bob@x.org\nSubject: Woodcock\n"
    b"Date: Tue, 05 Mar 2024 10:00:00 +0100\n\nNo answer.\n"
)


def test_each_message_of_a_mailbox_stands_under_its_subject(read: Read) -> None:
    found = read(MAILBOX, "birds")
    assert (found.type, found.title, found.content_date) == ("mbox", "", date(2024, 3, 5))
    assert [heading.title for heading in found.headings] == ["Snipe", "Woodcock"]
    assert body(found)[1:4] == [
        ("paragraph", "From here they fly."),
        ("paragraph", "From there, too.\nFrom time to time."),
        ("heading", "Woodcock"),
    ]


def test_a_mailbox_without_a_whole_first_line_is_read_as_a_mail(read: Read) -> None:
    found = read(MAILBOX.replace(b" 2024\nFrom: ann", b" 20\nFrom: ann", 1)[:90], "a.mbox")
    assert "Snipe" in found.text


def test_a_mail_saved_from_a_mailbox_is_that_mail(read: Read) -> None:
    data = MAILBOX[: MAILBOX.index(b"From bob")]
    assert [(read(data, name).type, read(data, name).title) for name in ("a.eml", "a.mbox")] == [
        ("eml", "Snipe"),
        ("mbox", "Snipe"),
    ]


def test_a_mark_of_byte_order_does_not_cost_the_first_mail(read: Read) -> None:
    one = b"From a@b.c Mon Mar  4 10:00:00 2024\nFrom: a@b.c\nTo: d@e.f\nSubject: %s\n\nWords.\n\n"
    found = read(b"\xef\xbb\xbf" + one % b"Neap" + one % b"Spring", "a.mbox")
    assert [heading.title for heading in found.headings] == ["Neap", "Spring"]
