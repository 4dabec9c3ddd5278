"""What staff decides: who may act, as what, where and how long; how passwords, sessions and their keys live."""
