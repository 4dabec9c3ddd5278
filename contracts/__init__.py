"""What the services say to one another: envelope, topics, messages, examples. No behaviour beyond the format itself."""
