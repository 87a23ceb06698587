"""The groups of rich text whose words are not simply those of the document."""

# What is kept of destinations: their text as that of the document, or apart.
CAPTURED = frozenset(
    {"fldinst", "listtext", "pntext", "atnauthor", "title", "author", "subject", "keywords",
     "doccomm", "category", "creatim"}
)  # fmt: skip
NOTES = {"footnote": "note", "annotation": "comment"}
REPEATED = {name + suffix: name for name in ("header", "footer") for suffix in ("", "l", "r", "f")}
SHOWN = frozenset({"shpinst", "shptxt", "fldrslt", "field", "shp", "result", "info", "upr", "ud"})
PASSED = frozenset(
    {"comment", "colortbl", "pict", "object", "themedata", "datastore", "listtable",
     "listoverridetable", "rsidtbl", "generator", "xmlnstbl", "filetbl", "revtbl",
     "latentstyles", "nonshppict", "sp",
     "shprslt", "nonesttables", "bkmkstart", "bkmkend", "datafield", "objdata", "objclass",
     "objname", "template", "private", "operator", "revtim", "printim", "buptim", "company",
     "manager", "hlinkbase", "falt", "panose", "ftnsep", "ftnsepc", "ftncn", "aftnsep", "aftnsepc",
     "aftncn", "tc", "xe", "atnid", "atndate", "atnref", "do", "background"}
)  # fmt: skip
