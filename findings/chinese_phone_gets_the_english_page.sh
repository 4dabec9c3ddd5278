#!/usr/bin/env bash
# A good guess: Accept-Language "zh-Hans-CN;q=1, en-CN;q=0.9", what an app makes of the languages of a telephone set to
# Chinese and then English, finds zh-CN on a site that has zh-CN and en.
# negotiator (Express, Fastify), accept-language-parser, Werkzeug (Flask), Babel and WebOb all leave Chinese out: the
# citizen gets English, or no choice at all. Werkzeug, Babel and WebOb do so for a plain "zh, en;q=0.5" too. Where the
# site's own tag is the bare "zh", all but accept-language-parser find it. Django and @formatjs/intl-localematcher
# choose right.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv py && py/bin/pip install -q --disable-pip-version-check \
  werkzeug==3.1.9 babel==2.19.0 webob==1.8.11 django==5.2.19
npm install --silent --no-audit --no-fund --ignore-scripts \
  negotiator@1.1.0 accept-language-parser@1.5.0 @formatjs/intl-localematcher@0.10.1
cat >pick.mjs <<'JS'
import Negotiator from 'negotiator'
import parser from 'accept-language-parser'
import { match } from '@formatjs/intl-localematcher'
const [header, ...site] = process.argv.slice(2)
const tags = header.split(',').map((part) => part.split(';')[0].trim())
console.log(JSON.stringify({
  negotiator: new Negotiator({ headers: { 'accept-language': header } }).language(site) ?? null,
  'accept-language-parser': parser.pick(site, header),
  '@formatjs': match(tags, site, 'en'),
}))
JS
py/bin/python -W ignore - <<'PY'
import json, subprocess, sys
import babel, django
from django.conf import settings
from webob.acceptparse import create_accept_language_header
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

settings.configure(USE_I18N=True, LANGUAGES=[("zh-hans", "中文"), ("en", "English")])
django.setup()
from django.utils.translation import trans_real

def by_django(header):
    wished = [tag for tag, _ in trans_real.parse_accept_lang_header(header.lower())]
    return trans_real.get_supported_language_variant(wished[0])

def pick(header, site):
    accept = parse_accept_header(header, LanguageAccept)
    wished = [tag.replace("-", "_") for tag, _ in accept]
    node = subprocess.run(["node", "pick.mjs", header, *site], capture_output=True, text=True, check=True).stdout
    return json.loads(node) | {
        "werkzeug": accept.best_match(site),
        "babel": babel.negotiate_locale(wished, [tag.replace("-", "_") for tag in site]),
        "webob": create_accept_language_header(header).lookup(site, default="none"),
        "django": by_django(header),
    }

SCRIPT, PLAIN = "zh-Hans-CN;q=1, en-CN;q=0.9", "zh, en;q=0.5"
seen = {
    "zh-Hans-CN, site zh-CN en": pick(SCRIPT, ["zh-CN", "en"]),
    "zh-Hans-CN, site zh en": pick(SCRIPT, ["zh", "en"]),
    "zh, site zh-CN en": pick(PLAIN, ["zh-CN", "en"]),
}
found = {
    "zh-Hans-CN, site zh-CN en": {
        "negotiator": "en", "accept-language-parser": None, "@formatjs": "zh-CN",
        "werkzeug": "en", "babel": "en", "webob": "en", "django": "zh-hans",
    },
    "zh-Hans-CN, site zh en": {
        "negotiator": "zh", "accept-language-parser": None, "@formatjs": "zh",
        "werkzeug": "zh", "babel": "zh", "webob": "zh", "django": "zh-hans",
    },
    "zh, site zh-CN en": {
        "negotiator": "zh-CN", "accept-language-parser": "zh-CN", "@formatjs": "zh-CN",
        "werkzeug": "en", "babel": "en", "webob": "en", "django": "zh-hans",
    },
}
for case, answers in seen.items():
    print(case + ": " + ", ".join(f"{name} {answer}" for name, answer in answers.items()))
sys.exit(seen != found and f"changed: {seen}")
PY
