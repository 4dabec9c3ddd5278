"""Who calls and what they may read: tokens, codes, seals and the vault of keys."""
