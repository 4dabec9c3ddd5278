"""The commands of ``duban``: composition above the services."""
