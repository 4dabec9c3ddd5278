#!/usr/bin/env bash
# A good guess: chrono-node's zh locale knows that 晚上12点 is midnight (the end of that day) and 中午1点 is 13:00.
# Tonight's midnight is read as *noon* of the same day, in whatever form: a time limit ends twelve hours early.
# 中午1点 is one in the night; 下午3点到5点 ends at five the next morning; 明年 and 去年 are dropped, and the day stays.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export TZ=Asia/Shanghai
npm install --silent --no-audit --no-fund --ignore-scripts chrono-node@2.10.3
cat >read.mjs <<'JS'
import * as chrono from 'chrono-node'
const said = new Date('2026-12-02T10:00:00+08:00')
const shown = (part) => part.date().toLocaleString('sv').slice(0, 16)
const read = (text) => {
  const [first] = chrono.zh.hans.parse(text, said)
  return shown(first.start) + (first.end ? ' – ' + shown(first.end) : '')
}
const found = {
  今晚12点: '2026-12-02 12:00',
  明天晚上12点: '2026-12-03 12:00',
  '12月3日晚上十二点': '2026-12-03 12:00',
  中午1点: '2026-12-02 01:00',
  下午3点到5点: '2026-12-02 15:00 – 2026-12-03 05:00',
  明年3月5日: '2026-03-05 12:00',
  去年12月3日: '2026-12-03 12:00',
  今晚11点: '2026-12-02 23:00',
  凌晨12点: '2026-12-02 00:00',
}
const changed = []
console.log('said on 2026-12-02 at 10:00, chrono-node 2.10.3:')
for (const [text, was] of Object.entries(found)) {
  const is = read(text)
  console.log(`${text}: ${is}`)
  if (is !== was) changed.push(`${text}: ${was} -> ${is}`)
}
if (changed.length) throw new Error('changed: ' + changed.join('; '))
JS
node read.mjs
