"""One pure method per message: feedback holds the baton from acceptance until the matter is struck off."""
