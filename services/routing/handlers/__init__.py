"""One pure method per message: who handles a matter, until a unit has accepted it."""
