"""Work on files of strangers, in confined processes of their own that may die without harm."""

from documents.sandbox.reader_process import WorkerCrashed
from documents.sandbox.worker import SandboxedWorker, usable_cores

__all__ = ["SandboxedWorker", "WorkerCrashed", "usable_cores"]
