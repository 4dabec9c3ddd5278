"""What staff may ask for of a matter, a form each, with the call that says the same."""
