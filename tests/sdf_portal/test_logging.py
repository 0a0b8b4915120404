"""No line of a log holds a BSN, wherever in the record it came in."""

import logging
from io import StringIO

import pytest

from sdf_portal.logging import LOGGING, MaskingFormatter, MaskPeople


@pytest.fixture
def logged():
    """A logger as the settings make them, and what it writes."""
    written = StringIO()
    handler = logging.StreamHandler(written)
    handler.addFilter(MaskPeople())
    handler.setFormatter(MaskingFormatter(LOGGING["formatters"]["line"]["format"]))
    logger = logging.getLogger("tests.people")
    logger.addHandler(handler)
    yield logger, written
    logger.removeHandler(handler)


def test_nine_digits_are_masked_in_text_and_arguments(logged):
    logger, written = logged

    logger.warning("client 999990019 of %s and %d", "999990020", 999990032)

    assert "client ********* of ********* and *********" in written.getvalue()


def test_nine_digits_are_masked_in_a_traceback(logged):
    logger, written = logged
    try:
        raise ValueError("no client 999990019")
    except ValueError:
        logger.exception("it broke")

    assert "ValueError: no client *********" in written.getvalue()
    assert "999990019" not in written.getvalue()


def test_other_numbers_stay(logged):
    logger, written = logged

    logger.warning("provider 12345678, message 1234567890")

    assert "provider 12345678, message 1234567890" in written.getvalue()


def test_every_handler_of_the_settings_masks():
    for handler in LOGGING["handlers"].values():
        assert handler["filters"] == ["people"]
        assert handler["formatter"] == "line"
    assert LOGGING["filters"]["people"]["()"] is MaskPeople
    assert LOGGING["formatters"]["line"]["()"] is MaskingFormatter
