"""The log and the store in memory: the same promises as Kafka and MongoDB, held by the same suites."""
