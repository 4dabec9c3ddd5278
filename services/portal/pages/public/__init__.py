"""The public board, list and ticket."""
