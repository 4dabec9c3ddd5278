"""One matter as its office sees it: the words, the story, the clocks, and what may be done now."""
