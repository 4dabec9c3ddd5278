"""Plans: modes, measures, dates."""
