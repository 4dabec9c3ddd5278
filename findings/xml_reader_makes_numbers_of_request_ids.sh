#!/usr/bin/env bash
# A good guess: an XML reader gives text as text; at the most it makes a number of plain digits without a leading zero.
# fast-xml-parser, as it comes, turns a service_request_id 638344E9 of an Open311 answer into 638344000000000, the
# telephone number 073188881234 into 73188881234, +8613800138000 into a number without its plus and 0x1F into 31: of ids
# of one form some become numbers and some stay text (12E4567 does), and the old id cannot be had back.
# parseTagValue: false keeps them.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund --ignore-scripts fast-xml-parser@5.12.1
cat >read.cjs <<'JS'
const { XMLParser } = require('fast-xml-parser')
const answer = (id) => `<service_requests><request><service_request_id>${id}</service_request_id></request></service_requests>`
const read = (id, options) => new XMLParser(options).parse(answer(id)).service_requests.request.service_request_id
const found = {
  '638344E9': 638344000000000,
  '12E4567': '12E4567',
  '4301-0E7': '4301-0E7',
  '00123': 123,
  '073188881234': 73188881234,
  '+8613800138000': 8613800138000,
  '0x1F': 31,
  '1.10': 1.1,
  true: true,
  '430102199003071234': '430102199003071234',
}
console.log('fast-xml-parser 5.12.1:')
const changed = []
for (const [id, was] of Object.entries(found)) {
  const is = read(id)
  console.log(`${id}: ${typeof is} ${is}`)
  if (is !== was) changed.push(`${id}: ${was} -> ${is}`)
  if (read(id, { parseTagValue: false }) !== id) changed.push(`${id}: parseTagValue: false no longer keeps it`)
}
if (changed.length) throw new Error('changed: ' + changed.join('; '))
JS
node read.cjs
