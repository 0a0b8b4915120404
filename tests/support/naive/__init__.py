"""The sixteen indicators a second time: plain dicts and loops, slow and obvious.

Written from the text of the definitions alone, so that it and the fast calculation can only agree where both say
what the definitions say. ``compute.naive_values`` is the one entrance. Days are whole numbers, as in the frames.
"""
