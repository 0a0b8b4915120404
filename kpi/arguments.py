"""Arguments of the commands, with a Dutch sentence for what cannot be read."""

import argparse
import datetime as dt


def day(text: str) -> dt.date:
    """A reference date, written 2026-03-31."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"“{text}” is geen datum. Schrijf haar als 2026-03-31.") from error
