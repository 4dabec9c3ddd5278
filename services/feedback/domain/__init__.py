"""What feedback decides: plans, completions, votes, the closing gate, reminders, rework."""
