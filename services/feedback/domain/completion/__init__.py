"""Whether a completion report may be taken."""
