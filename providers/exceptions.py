"""Faults of reference data, each a Dutch sentence with file, line and what to do."""


class ReferenceError(Exception):
    """A reference file could not be loaded; nothing of the whole call was written."""
