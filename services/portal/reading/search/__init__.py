"""Filters and queries over the ticket documents."""
