"""The errors of training a reranker."""


class TrainingError(Exception):
    """Training cannot start or go on; the message says why and what to do."""


class TrainingStopped(Exception):
    """The run was stopped with `share` of it done; the next start continues it."""

    def __init__(self, share: float) -> None:
        super().__init__(f"Stopped at {share:.0%}; the same command goes on.")
        self.share = share
