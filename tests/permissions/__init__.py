"""Who may do what, over every address, method and operation: `table.txt`, and the test of it.

`python -m tests.permissions` writes the table to docs/permissions.md.
"""
