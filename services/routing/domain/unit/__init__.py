"""Units, their duties, and the standards they work by."""
