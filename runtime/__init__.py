"""How any service runs: the loop, the bus, the store, requests, timers, dead letters. No word of the domain."""
