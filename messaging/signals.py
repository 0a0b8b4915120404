"""What other apps may react to; messaging itself knows none of them."""

from django.dispatch import Signal

# Sent after stored messages changed: an upload was processed or undone.
messages_changed = Signal()
