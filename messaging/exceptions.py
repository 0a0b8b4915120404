"""What goes wrong with uploads, in sentences for the person at the page."""


class StoreError(Exception):
    """A batch that the database refused, by a fault of the portal; tells where but, for the log, not what."""


class SinkError(Exception):
    """What was read could not be taken to where it goes; its cause tells why."""


class UploadError(Exception):
    """An upload that cannot be made or undone; the message is the Dutch sentence to show."""


class UploadInterrupted(Exception):  # noqa: N818 - no error: the upload goes on by itself
    """The database went away in the middle of an upload; what was stored is kept, and the rest follows later."""
