"""Pages for people: each a folder of its own."""
