"""A division as its supervision office and its leader see it."""
