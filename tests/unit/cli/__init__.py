"""Commands that need no installation."""
