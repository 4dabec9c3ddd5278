#!/usr/bin/env bash
# A good guess: an SMS that the gateway refuses (submit_sm_resp with ESME_RTHROTTLED) reaches smpplib's error handler and
# never its handler for sent messages; without an error handler it is skipped or logged.
# The handler for sent messages is called for it too, after the error handler, with message_id None and the status as the
# only difference: who counts or pays by it counts a refused message as sent. Without a handler of one's own the first
# refusal ends listen() with an exception, and the answers that follow on the same connection are never read, though the
# gateway took those messages: resending them sends them twice.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv py && py/bin/pip install -q --disable-pip-version-check smpplib==2.2.4 six==1.17.0
npm install --silent --no-audit --no-fund --ignore-scripts smpp@0.5.1
cat >gateway.cjs <<'JS'
const smpp = require('smpp')
const server = smpp.createServer((session) => {
  let count = 0
  session.on('bind_transceiver', (pdu) => session.send(pdu.response()))
  session.on('submit_sm', (pdu) => {
    count += 1
    session.send(pdu.response(count === 2 ? { command_status: smpp.ESME_RTHROTTLED } : { message_id: `m${count}` }))
  })
  session.on('error', () => {})
})
server.listen(0, '127.0.0.1', () => console.log(server.address().port))
JS
py/bin/python - <<'PY'
import logging, subprocess, sys
from smpplib import client, exceptions

logging.disable(logging.CRITICAL)
gateway = subprocess.Popen(["node", "gateway.cjs"], stdout=subprocess.PIPE, text=True)
port = int(gateway.stdout.readline())

def three_messages(error_handler):
    """What the handlers saw of three messages, of which the gateway refuses the second."""
    saw = []
    connection = client.Client("127.0.0.1", port, timeout=5)
    connection.set_message_sent_handler(lambda pdu: saw.append(("sent", pdu.status, pdu.message_id)))
    if error_handler:
        connection.set_error_pdu_handler(lambda pdu: saw.append(("error", pdu.status)))
    connection.connect()
    connection.bind_transceiver(system_id="a", password="b")
    for _ in range(3):
        connection.send_message(source_addr="1", destination_addr="2", short_message=b"x")
    try:
        while ("sent", 0, b"m3") not in saw:
            connection.read_once()
    except exceptions.PDUError as error:
        saw.append((type(error).__name__, error.args[-1]))
    return saw

try:
    seen = {"with an error handler": three_messages(True), "without": three_messages(False)}
finally:
    gateway.terminate()
    gateway.wait()
found = {
    "with an error handler": [("sent", 0, b"m1"), ("error", 88), ("sent", 88, None), ("sent", 0, b"m3")],
    "without": [("sent", 0, b"m1"), ("PDUError", 88)],
}
print("smpplib 2.2.4 and a gateway (npm smpp 0.5.1) that refuses the second of three:")
for case, saw in seen.items():
    print(f"{case}: {saw}")
sys.exit(seen != found and "changed")
PY
