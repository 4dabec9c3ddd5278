"""The public list of matters."""
