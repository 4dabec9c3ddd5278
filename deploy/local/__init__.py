"""The local stack from wheels alone: a real Kafka, a real MongoDB, a supervisor. No root, no Java, no Docker."""
