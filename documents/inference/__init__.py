"""Running models fast on a CPU: int8 through ONNX Runtime, made once from the float weights.

docs/inference.md has the measurements behind it. Neither torch nor transformers is imported by a
process that only runs what was made: the conversion happens in a process of its own.
"""
