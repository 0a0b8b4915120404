"""What goes wrong with uploads, in sentences for the person at the page."""


class StoreError(Exception):
    """A batch that the database refused, by a fault of the portal; tells where but, for the log, not what."""


class UploadError(Exception):
    """An upload that cannot be made or undone; the message is the Dutch sentence to show."""
