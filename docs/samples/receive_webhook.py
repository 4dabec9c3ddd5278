"""Receives webhooks: pip install standardwebhooks; SECRET=whsec_… python receive_webhook.py 8080

Answers at once, drops what came before by its id, and prints each event as one line of JSON.
"""

import json
import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from standardwebhooks import Webhook, WebhookVerificationError

SEEN: set[str] = set()  # of a real receiver: a table with a unique key


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["content-length"]))
        try:
            event = Webhook(os.environ["SECRET"]).verify(content, dict(self.headers))
        except WebhookVerificationError:
            return self.answer(401)
        if event["id"] not in SEEN:
            SEEN.add(event["id"])
            print(json.dumps(event, ensure_ascii=False), flush=True)
        return self.answer(204)

    def answer(self, status: int) -> None:
        self.send_response(status)
        self.send_header("content-length", "0")
        self.end_headers()


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Receiver).serve_forever()
