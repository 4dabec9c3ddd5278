"""抽查: announced, closed, drawn; in this order, so that nobody can steer it."""
