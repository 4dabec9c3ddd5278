"""MongoDB, the vault and memory behind the ports."""
