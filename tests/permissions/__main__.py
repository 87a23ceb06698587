"""Writes docs/permissions.md."""

from tests.permissions.table import PAGE, TABLE, markdown, read_table

PAGE.write_text(markdown(read_table(TABLE.read_text("utf-8"))), "utf-8")
