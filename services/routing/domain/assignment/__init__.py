"""Who handles a matter: routes, acceptance, returns, disputes."""
