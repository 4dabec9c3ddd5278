"""Each figure beside its floor, in one run: the machines are small and noisy, so only ratios are compared."""
