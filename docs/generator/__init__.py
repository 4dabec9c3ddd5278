"""One module per generated document: each reads code and returns text."""
