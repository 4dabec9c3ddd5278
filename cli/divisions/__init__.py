"""The tables of changes to divisions, made from public packages: ``make divisions``."""
