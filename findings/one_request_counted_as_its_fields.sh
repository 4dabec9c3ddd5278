#!/usr/bin/env bash
# A good guess: georeport, the Open311 client of PyPI, returns what its types say (a list of requests) from either format of
# a GeoReport v2 server: XML, the one that every server must have, or JSON.
# From XML a list of one request is the request itself: len() counts its fields and a loop yields their names; a list of
# none raises TypeError. A sync that asks "what is new since" breaks on quiet days only: with two it is right. The list of
# services is read the same way.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv py && py/bin/pip install -q --disable-pip-version-check georeport==0.3.1
py/bin/python - <<'PY'
import http.server, json, sys, threading
import georeport

FIELDS = {"service_request_id": "1", "status": "open", "service_name": "路灯"}

class Server(http.server.BaseHTTPRequestHandler):
    """Answers GET /N/requests.FORMAT with N requests, as in the examples of GeoReport v2."""

    def do_GET(self):
        requests = [FIELDS] * int(self.path.split("/")[1])
        items = "".join(f"<request>{''.join(f'<{k}>{v}</{k}>' for k, v in one.items())}</request>" for one in requests)
        xml = f'<?xml version="1.0" encoding="utf-8"?><service_requests>{items}</service_requests>'
        body = (json.dumps(requests) if ".json" in self.path else xml).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
threading.Thread(target=server.serve_forever, daemon=True).start()

def asked(number, form):
    client = georeport.GeoReport(f"http://127.0.0.1:{server.server_port}/{number}", output_format=form)
    try:
        return len(client.get_service_requests())
    except TypeError:
        return "TypeError"

seen = {(number, form): asked(number, form) for number in (2, 1, 0) for form in ("xml", "json")}
found = {(2, "xml"): 2, (2, "json"): 2, (1, "xml"): 3, (1, "json"): 1, (0, "xml"): "TypeError", (0, "json"): 0}
print("georeport 0.3.1, requests on the server and in what format: length of the answer")
for (number, form), length in seen.items():
    print(f"{number} {form}: {length}")
server.shutdown()
sys.exit(seen != found and f"changed: {seen}")
PY
