"""Staff's HTTP: accounts and appointments."""
