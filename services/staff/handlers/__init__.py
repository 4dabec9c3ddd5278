"""One pure method per message: what is asked of an account."""
