"""Routing's HTTP: parse, check who may, put it into the log, answer."""
