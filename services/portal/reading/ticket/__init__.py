"""What a reader may know: the ticket document, lights, counters, filters, masking. Pure; handed the time."""
