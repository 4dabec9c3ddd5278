"""The morning brief (晨报): a day that is over, and what changed in it."""
