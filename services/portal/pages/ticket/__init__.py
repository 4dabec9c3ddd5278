"""One matter and its story."""
