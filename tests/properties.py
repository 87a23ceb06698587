"""How many examples a property is tried with."""

import hypothesis

USUAL = 100  # hypothesis' own default


def load_profile(fast: bool) -> None:
    """No deadline, as a busy machine may take long; fast tests try a fifth of the examples."""
    most = USUAL // 5 if fast else USUAL
    hypothesis.settings.register_profile("lantern", deadline=None, max_examples=most)
    hypothesis.settings.load_profile("lantern")


def examples(number: int) -> hypothesis.settings:
    """The settings of a property that tries `number` examples, fewer in fast tests."""
    scaled = number * hypothesis.settings.default.max_examples // USUAL
    return hypothesis.settings(max_examples=scaled)
