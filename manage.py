#!/usr/bin/env python
"""The command line: Django's, with the servers that a command needs around it."""

from search_project.cli import main

if __name__ == "__main__":
    main()
