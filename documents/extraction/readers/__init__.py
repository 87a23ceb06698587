"""One reader for each format, `(Path, Format) -> ExtractedText`, named in the registry."""
