"""Faults of computations, norms and exports, each a Dutch sentence that says what to do."""


class ComputationError(Exception):
    """A computation could not be finished."""


class NormError(Exception):
    """A norm could not be saved."""


class LookBackError(Exception):
    """The figures of a date cannot be asked for."""


class ParameterError(Exception):
    """A parameter could not be saved."""


class PdfError(Exception):
    """A page could not be made into a PDF."""


class ExportError(Exception):
    """A long export could not be asked for or made."""
