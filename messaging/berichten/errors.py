"""What goes wrong with a message, each with one Dutch sentence that says what to do."""

REPAIR = "Laat de afzender het bericht herstellen"
MISSING = f"Een verplicht gegeven ontbreekt. {REPAIR}"


class MessageError(ValueError):
    """A message that cannot be taken in: what is wrong, on which line and element, and what to do.

    The text never holds a value from the message.
    """

    def __init__(self, sentence: str, *, line: int | None = None, element: str = "") -> None:
        where = [part for part in (f"regel {line}" if line else "", f"element {element}" if element else "") if part]
        super().__init__(f"{sentence} ({', '.join(where)})" if where else sentence)
