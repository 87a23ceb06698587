"""Mails: MIME messages (EML), mailboxes of them (MBOX) and Outlook's own (MSG)."""

from documents.extraction.readers.mail.mailbox import read_mailbox
from documents.extraction.readers.mail.mime import read_mail
from documents.extraction.readers.mail.outlook import read_outlook

__all__ = ["read_mail", "read_mailbox", "read_outlook"]
