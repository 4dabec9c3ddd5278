"""One pure method per message: a submission becomes a ticket or is screened out; reporters add, withdraw, erase."""
