"""The official counters, lanes and cards of one division."""
