"""Every number that is a claim, and the ledger that compares them."""
