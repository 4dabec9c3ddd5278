"""What a reporter may ask for later, a form each: add, evaluate, withdraw, have the identity destroyed."""
