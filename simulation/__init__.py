"""All services in memory, with simulated people, faults and checks; the people and matters of the demonstration."""
