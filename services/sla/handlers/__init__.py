"""One pure method per message: clocks start and stop; knocks turn colours."""
