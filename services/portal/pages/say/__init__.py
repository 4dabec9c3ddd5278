"""A citizen registers a matter: what, where, how to be reached; read back before it is sent."""
