"""Intake's HTTP: the door for submissions, what a reporter may do later, the ledger's heads."""
