"""The commands of ``duban``."""
