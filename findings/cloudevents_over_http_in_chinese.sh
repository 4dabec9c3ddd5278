#!/usr/bin/env bash
# A good guess: an event with a Chinese subject goes in HTTP binary mode from one official CloudEvents SDK to the other,
# as the binding says (3.1.3: such text is percent-encoded in the headers and decoded by who receives it).
# Python encodes and decodes. The npm SDK does neither: HTTP.binary() makes headers that fetch and Node's own http refuse
# to send, and HTTP.toEvent() hands on what Python sent as the text %E9%95%BF%E6%B2%99%E5%B8%82. A subscriber that
# filters by the subject 长沙市 gets nothing, without an error. Structured mode crosses both ways.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv py && py/bin/pip install -q --disable-pip-version-check cloudevents==2.2.0
npm install --silent --no-audit --no-fund --ignore-scripts cloudevents@10.0.0
cat >event.py <<'PY'
import json
from cloudevents.core.bindings import http
from cloudevents.core.v1.event import CloudEvent

event = CloudEvent({"id": "1", "source": "/test", "type": "test", "subject": "长沙市", "specversion": "1.0"}, {"n": 1})
binary, structured = http.to_binary_event(event), http.to_structured_event(event)
back = http.from_binary_event(binary).get_subject()
print(json.dumps([dict(binary.headers), binary.body.decode(), dict(structured.headers), structured.body.decode(), back]))
PY
py/bin/python event.py >sent.json
cat >event.cjs <<'JS'
const { CloudEvent, HTTP } = require('cloudevents')
const [binary, body, structured, whole, back] = JSON.parse(require('fs').readFileSync('sent.json'))
const lower = (headers) => Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
const own = HTTP.binary(new CloudEvent({ id: '1', source: '/test', type: 'test', subject: '长沙市', data: { n: 1 } }))
const refusal = (send) => { try { send(); return 'accepted' } catch (error) { return error.code ?? error.name } }
const seen = {
  'Python header': binary['ce-subject'],
  'Python back': back,
  'npm reads Python, binary': HTTP.toEvent({ headers: lower(binary), body }).subject,
  'npm reads Python, structured': HTTP.toEvent({ headers: lower(structured), body: whole }).subject,
  'npm header': own.headers['ce-subject'],
  'http sends npm': refusal(() => require('http').request({ headers: own.headers }).on('error', () => {}).destroy()),
  'fetch sends npm': refusal(() => new Request('http://127.0.0.1/', { headers: own.headers })),
}
const found = {
  'Python header': '%E9%95%BF%E6%B2%99%E5%B8%82',
  'Python back': '长沙市',
  'npm reads Python, binary': '%E9%95%BF%E6%B2%99%E5%B8%82',
  'npm reads Python, structured': '长沙市',
  'npm header': '长沙市',
  'http sends npm': 'ERR_INVALID_CHAR',
  'fetch sends npm': 'TypeError',
}
console.log('cloudevents (PyPI) 2.2.0, cloudevents (npm) 10.0.0')
for (const [what, is] of Object.entries(seen)) console.log(`${what}: ${is}`)
if (JSON.stringify(seen) !== JSON.stringify(found)) throw new Error('changed')
JS
node event.cjs
