"""The inbox of an office: what it has to do, the most pressing first."""
