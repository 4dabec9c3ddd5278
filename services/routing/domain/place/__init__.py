"""Where a matter belongs."""
