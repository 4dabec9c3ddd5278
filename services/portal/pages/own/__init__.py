"""One matter as its reporter sees it, opened with number and code."""
