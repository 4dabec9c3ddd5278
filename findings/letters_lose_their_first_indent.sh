#!/usr/bin/env bash
# A good guess: wechatpy's message.content is what the citizen typed, since it stands in a CDATA section.
# The text is stripped at both ends, CDATA or not, of full-width spaces and line breaks too: a letter loses the indent of
# its first paragraph and keeps that of the second, and a message of one space is None, not a text. The reader below it
# (xmltodict) does so by default; xml.etree gives the words as they were sent. A ledger that keeps the words as they
# came, or a digest over them, cannot be built on it.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv py && py/bin/pip install -q --disable-pip-version-check \
  wechatpy==1.8.18 cryptography==50.0.2 xmltodict==0.14.2
py/bin/python -W ignore - <<'PY'
import sys
import xml.etree.ElementTree as etree
from wechatpy import parse_message

def message(words):
    return (
        "<xml><ToUserName>a</ToUserName><FromUserName>b</FromUserName><CreateTime>1764000000</CreateTime>"
        f"<MsgType>text</MsgType><Content><![CDATA[{words}]]></Content><MsgId>1</MsgId></xml>"
    )

LETTER = "\u3000\u3000尊敬的领导：\n\u3000\u3000路灯坏了。\n"
sent = {"a letter": LETTER, "a full-width space": "\u3000", "a word": "你好"}
seen = {name: parse_message(message(words)).content for name, words in sent.items()}
plain = {name: etree.fromstring(message(words)).findtext("Content") for name, words in sent.items()}
found = {"a letter": LETTER.strip(), "a full-width space": None, "a word": "你好"}
print("sent | wechatpy 1.8.18 | xml.etree")
for name, words in sent.items():
    print(f"{words!r} | {seen[name]!r} | {plain[name]!r}")
sys.exit((seen != found or plain != sent) and f"changed: {seen}")
PY
