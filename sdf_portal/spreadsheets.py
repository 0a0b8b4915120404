"""Texts in files that a spreadsheet opens: whatever somebody typed stays a text there."""

import unicodedata

# Also the wide forms and the real minus sign, which spreadsheets read as the plain ones.
STARTS_A_FORMULA = frozenset("=+-@＝＋－＠﹢﹣﹦﹫−")
UNSEEN = ("Cc", "Cf", "Zl", "Zp", "Zs")  # control and format signs, separators


def harmless(text: str) -> str:
    """The text on one line that no spreadsheet takes for a formula: an apostrophe goes before what looks like one.

    For CSV only: the text cells of a workbook are typed, and would show the apostrophe.
    """
    one_line = "".join(" " if unicodedata.category(sign) in ("Cc", "Zl", "Zp") else sign for sign in text)
    first = next((sign for sign in one_line if unicodedata.category(sign) not in UNSEEN), "")
    return f"'{one_line}" if first in STARTS_A_FORMULA else one_line
