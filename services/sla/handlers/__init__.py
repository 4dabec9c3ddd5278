"""sla reacts, it never changes a ticket's state: ``reacting`` decides per message, ``saying`` puts it into facts."""
