"""What all pages share: templates, texts, errors."""
