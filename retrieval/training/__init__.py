"""Training a reranker: rows of text, hard negatives, a cross-encoder, and whether it is better.

Neither torch nor sentence-transformers is imported before a model is trained. docs/training.md has
the steps, the format of the files between them, and what was tried.
"""
