"""docs/asyncapi.yaml: the published language, for those who subscribe to the feed."""


def page() -> str:
    """The document."""
    return "asyncapi: 3.0.0\n"
