"""What intake decides: what a submission is, whether it is valid, what stands in the ledger."""
