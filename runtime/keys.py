"""Idempotency keys: the caller's own name of a request, read alike at every door."""

import re

KEY = re.compile(r"[A-Za-z0-9._:-]{1,128}")
UUID = re.compile(r"[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")


def bare_key(typed: str) -> str:
    """The key without the quotes of a structured field (draft-ietf-httpapi-idempotency-key-header, section 2.1).

    A UUID is the same in upper and lower case (RFC 9562, section 4).
    """
    bare = typed.strip()
    bare = bare[1:-1] if len(bare) > 2 and bare[0] == bare[-1] == '"' else bare
    return bare.lower() if UUID.fullmatch(bare) else bare
