"""HTTP in: parse, check who may, put the request into the log, wait for its outcome."""
