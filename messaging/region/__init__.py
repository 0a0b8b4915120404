"""A synthetic region: invented clients, providers and the message traffic that a real region would have.

Everything follows from the arguments and the seed; nothing here reads the clock, the database or a setting.
The way of the data: catalogue and providers → lives of clients (``care``: what was allocated and delivered)
→ events per message type → messages as XML. Persons are test persons with test BSNs.
"""
