"""Readers of what is written in markup: web pages, Markdown, XML, e-books."""
