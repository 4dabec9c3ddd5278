"""The read side: the log folded into ticket documents, search, boards, JSON."""
