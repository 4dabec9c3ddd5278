"""The reporter's own matter, by number and query code."""
