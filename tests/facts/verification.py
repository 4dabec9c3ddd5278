"""What is said, and asked, of what was found of a matter."""

from contracts.messages import verification
from tests.facts.values import PHOTO, made

FOUND = {"finding": "partly", "method": "on_site", "evidence": (PHOTO,), "words": "sealed"}


def matter_verified(**changed: object) -> verification.MatterVerified:
    return made(verification.MatterVerified, changed, **FOUND, round=1, stands=True)


def verify_matter(**changed: object) -> verification.VerifyMatter:
    return made(verification.VerifyMatter, changed, **FOUND)
