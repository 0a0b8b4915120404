"""What goes wrong with uploads, in sentences for the person at the page."""


class UploadError(Exception):
    """An upload that cannot be made or undone; the message is the Dutch sentence to show."""
