"""The modes of a search: `HYBRID` uses all retrievers, the name of a retriever uses it alone."""

HYBRID = "hybrid"
