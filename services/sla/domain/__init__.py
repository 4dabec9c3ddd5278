"""What sla decides: working time, deadlines, lights, orders. It never changes a ticket's state."""
