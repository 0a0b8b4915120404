"""Faults of computations and norms, each a Dutch sentence that says what to do."""


class ComputationError(Exception):
    """A computation could not be finished."""


class NormError(Exception):
    """A norm could not be saved."""
