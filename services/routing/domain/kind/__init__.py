"""Which kind of matter it is."""
