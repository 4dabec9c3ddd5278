"""Live boards and rates: what streams to a browser."""
