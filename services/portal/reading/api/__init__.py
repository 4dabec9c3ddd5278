"""HTTP in: the public pages and figures, the reporter's view behind a code, lists for staff within their scope."""
