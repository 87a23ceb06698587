"""Inference on a CPU: int8 models on ONNX Runtime, converted once from the float weights.

docs/inference.md has the measurements. The conversion runs in a process of its own, so that a
process that only runs models imports neither torch nor transformers.
"""
