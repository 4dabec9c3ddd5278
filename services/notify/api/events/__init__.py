"""The public feed over HTTP: page by page from a cursor, or as a stream."""
