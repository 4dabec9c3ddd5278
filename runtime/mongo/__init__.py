"""MongoDB behind the ports of runtime.delivery. motor, past its end of life, is imported in client.py alone."""
