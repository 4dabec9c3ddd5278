"""Level-by-level review of the work (逐级验收)."""
