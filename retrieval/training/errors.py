"""What can go wrong while a reranker is trained."""


class TrainingError(Exception):
    """One sentence that says what is wrong and what to do."""


class TrainingStopped(Exception):
    """The run was stopped with `share` of it done, and goes on when it is started again."""

    def __init__(self, share: float) -> None:
        super().__init__(f"Stopped at {share:.0%}; the same command goes on.")
        self.share = share
