"""What all pages share: the frame around them, texts, errors, files."""
