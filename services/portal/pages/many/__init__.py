"""One act for many matters of the inbox."""
