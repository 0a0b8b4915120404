"""What other apps may react to; providers itself knows none of them."""

from django.dispatch import Signal

# Sent after reference data was loaded that changed something.
reference_changed = Signal()
