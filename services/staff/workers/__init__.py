"""Work beside the loop that runs until stopped."""
