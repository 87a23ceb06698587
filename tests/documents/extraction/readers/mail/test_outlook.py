"""Outlook's messages."""

from datetime import date

from documents.errors import IngestError
from tests.documents import files
from tests.documents.extraction.readers.mail.mails import Read, body, mail, shown
from tests.documents.extraction.test_refusals import ole


def test_a_message_of_outlook_is_read_as_the_mail_that_it_is(read: Read) -> None:
    inner, message = mail("Inner"), mail("Größe")
    inner.set_content("Inner words.")
    message["Date"], message["Message-ID"] = "Mon, 04 Mar 2024 10:00:00 +0100", "<1@x>"
    message.set_content("Agenda\n\nBudget\n")
    message.add_alternative("<p>Agenda</p><ul><li>Budget</ul>", subtype="html")
    message.add_attachment(b"Neap tides are weak.\n", "text", "plain", filename="tides.txt")
    message.add_attachment(inner)
    found = read(files.msg(message), "a.msg")
    assert (found.type, found.title, found.content_date) == ("msg", "Größe", date(2024, 3, 4))
    assert found.metadata["message_id"] == "<1@x>"
    assert [(h.title, h.level) for h in found.headings] == [("Inner", 1), ("tides.txt", 1)]
    assert ("mail_field", "From: Ann <ann@example.org>") in shown(found)
    assert [text for kind, text in body(found) if kind != "heading"] == [
        "Agenda", "Budget", "Inner words.", "Neap tides are weak.",
    ]  # fmt: skip


def test_a_damaged_message_of_outlook_says_so(read: Read) -> None:
    message = mail()
    message.set_content("Words.")
    data = files.msg(message)
    for cut in (data[:2000], data[:-1500], data[:600] + b"\xff" * 2000 + data[2600:]):
        try:
            assert read(cut, "a.msg").text
        except IngestError as error:
            assert error.permanent


def test_a_message_that_holds_an_old_office_file_is_a_message(read: Read) -> None:
    message = mail()
    message.set_content("See the minutes.")
    old = ole("WordDocument", "Workbook", rest=b"Words. " * 2000)
    message.add_attachment(old, "application", "msword", filename="minutes.doc")
    found = read(files.msg(message), "a.msg")
    assert found.type == "msg"
    assert "See the minutes." in found.text
