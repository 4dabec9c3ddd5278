"""Kafka behind the ports of runtime.delivery: reading, writing, following, topics. The only users of aiokafka."""

from runtime.kafka.aiokafka_patch import mend

mend()
