"""The modes of a search: `HYBRID` asks all retrievers, the name of a retriever asks it alone."""

HYBRID = "hybrid"
