"""抽样 (E8): what the ledger draws, from the announcement to the sample."""
