"""One pure method per message, by the service that says it: facts become planned deliveries, receipts settle them."""
