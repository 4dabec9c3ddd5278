"""Tables that people fill in with office programs, and what is wrong with them."""
