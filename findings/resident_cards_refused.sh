#!/usr/bin/env bash
# A good guess: a maintained checker of Chinese identity numbers takes each kind of 18-digit card in use, since all pass
# the check of GB 11643: the resident card, the residence permits that State Council document 国办发〔2018〕81号 gives the
# codes 810000 (Hong Kong), 820000 (Macau) and 830000 (Taiwan), and the foreigner's permanent residence card of 2023, which
# begins with 9, the division's first two digits and the country's ISO number.
# None of four does. validator (npm) knows 81 and 82 but not 83, and of the foreigners' cards only those of Beijing, which
# begin with 91; idcard (npm) and id-validator (PyPI) know no foreigner; python-stdnum knows none of the four kinds.
# The numbers are of specimens or made up.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv py && py/bin/pip install -q --disable-pip-version-check python-stdnum==2.2 id-validator==1.0.20
npm install --silent --no-audit --no-fund --ignore-scripts validator@13.15.35 idcard@4.2.0
cat >check.cjs <<'JS'
const validator = require('validator')
const idcard = require('idcard')
console.log(JSON.stringify(process.argv.slice(2).map((n) => [validator.isIdentityCard(n, 'zh-CN'), idcard.verify(n)])))
JS
py/bin/python - <<'PY'
import json, subprocess, sys
from id_validator import validator
from stdnum.cn import ric

found = {  # validator, idcard, id-validator, python-stdnum
    ("resident", "430102199003071234"): (True, True, True, True),
    ("Hong Kong", "810000199408230021"): (True, True, True, False),
    ("Macau", "820000199408230023"): (True, True, True, False),
    ("Taiwan", "830000199201300022"): (False, True, True, False),
    ("foreigner, Beijing", "911124198108030024"): (True, False, False, False),
    ("foreigner, Shanghai", "931840198001010017"): (False, False, False, False),
}
WEIGHTS = [2 ** (17 - place) % 11 for place in range(17)]

def check_of_gb_11643(number):
    return "10X98765432"[sum(w * int(digit) for w, digit in zip(WEIGHTS, number)) % 11] == number[-1]

numbers = [number for _, number in found]
js = json.loads(subprocess.run(["node", "check.cjs", *numbers], capture_output=True, text=True, check=True).stdout)
seen = {
    kind: (*answers, bool(validator.is_valid(kind[1])), ric.is_valid(kind[1]))
    for kind, answers in zip(found, js, strict=True)
}
print("validator 13.15.35 | idcard 4.2.0 | id-validator 1.0.20 | python-stdnum 2.2")
for (kind, number), answers in seen.items():
    print(f"{kind} {number[:6]}…: {' | '.join(map(str, answers))}")
sys.exit(not all(map(check_of_gb_11643, numbers)) and "a number is wrong" or seen != found and f"changed: {seen}")
PY
