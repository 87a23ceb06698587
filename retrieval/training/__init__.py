"""Training of a reranker: training rows, hard negatives, the trainer, and the comparison.

torch and sentence-transformers are imported only when a model is trained. docs/training.md has the
steps, the file formats, and the experiments.
"""
