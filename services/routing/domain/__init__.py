"""What routing decides: where a matter lies, what kind it is, whose duty it is, who decides when units disagree."""
