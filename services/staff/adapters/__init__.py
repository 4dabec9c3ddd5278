"""One outside technology each, behind the ports."""
