"""Every message by the service it belongs to: its bodies and its rows of the catalogue."""
