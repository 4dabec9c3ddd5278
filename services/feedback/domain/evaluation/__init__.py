"""Rounds of votes and the closing gate."""
