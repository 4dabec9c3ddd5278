"""A unit's own system takes a matter from its inbox to completion.

    python unit_system.py ACCOUNT KEY NUMBER staff=http://127.0.0.1:8107 portal=… routing=… feedback=…

KEY: a file with the account's private key (Ed25519 JWK), whose public half two configurers registered.
"""

import json
import sys
import time
import uuid
from pathlib import Path
from typing import Any

import httpx2
from joserfc import jwt
from joserfc.jwk import OKPKey

NOT_YET = (202, 404, 503)  # it is being decided, or not known so far, or nobody answers just now


class UnitSystem:
    """Who asks: an account, its key, and where each service stands."""

    def __init__(self, account: str, key: OKPKey, sites: dict[str, str]) -> None:
        self._account, self._key, self._sites, self._web = account, key, sites, httpx2.Client(timeout=30)

    def token(self) -> str:
        """Five minutes of the account's appointment, for an assertion that is signed anew each time (RFC 7523)."""
        until = int(time.time()) + 60
        claims = {"iss": self._account, "sub": self._account, "aud": "duban-staff", "exp": until}
        assertion = jwt.encode({"alg": "Ed25519"}, claims | {"jti": str(uuid.uuid4())}, self._key, ["Ed25519"])
        form = {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": assertion}
        answer = self._web.post(self._sites["staff"] + "/v1/token", data=form).raise_for_status()
        return str(answer.json()["access_token"])

    def ask(self, service: str, path: str, body: Any = None) -> Any:
        """What a service answers once it has decided: under the same key it is safe to send again."""
        headers = {"Authorization": f"Bearer {self.token()}", "Idempotency-Key": str(uuid.uuid4())}
        method = "GET" if body is None else "POST"
        for _ in range(300):
            answer = self._web.request(method, self._sites[service] + path, headers=headers, json=body)
            if answer.status_code not in NOT_YET:
                return answer.raise_for_status().json()
            time.sleep(1)
        raise TimeoutError(f"{path}: not decided")

    def deal_with(self, number: str) -> None:
        """Accept it under the first standard that fits, and report what was done."""
        standard = self.ask("routing", f"/v1/tickets/{number}/standards")[0]["code"]
        self.ask("routing", f"/v1/tickets/{number}/acceptance", {"standard": standard})
        now = self.ask("portal", "/v1/inbox")["now"]
        photo = {"kind": "photos", "uri": "https://example.org/1.jpg", "dated": now}
        self.ask("feedback", f"/v1/tickets/{number}/completion", {"explanation": "已修好。", "evidence": [photo]})


if __name__ == "__main__":
    jwk = OKPKey.import_key(json.loads(Path(sys.argv[2]).read_text()))
    UnitSystem(sys.argv[1], jwk, dict(each.split("=", 1) for each in sys.argv[4:])).deal_with(sys.argv[3])
    print(f"completed {sys.argv[3]}")
