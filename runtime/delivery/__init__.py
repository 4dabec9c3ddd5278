"""The one mechanism: read, fold, store, say, commit; timers, dead letters, holding."""
