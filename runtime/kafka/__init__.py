"""Kafka behind the ports of runtime.delivery: reading, writing, following, topics. The only users of aiokafka."""
