"""What goes wrong in this app, in sentences for the person at the page."""


class AccountError(Exception):
    """A change of an account that is not allowed; the message is the Dutch sentence to show."""
