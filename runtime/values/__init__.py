"""Values that people type, each read once into the one thing it must be, or refused with the form that would do."""
