#!/usr/bin/env bash
# A good guess: `promtool check rules` refuses an alert whose expression can never be evaluated, since all that is wrong
# stands in the text: a string as the expression, a broken regular expression or an impossible label name as a constant.
# promtool 2.42 reports SUCCESS and exits 0 for each; Prometheus starts with them, looks healthy, and fails at every
# evaluation: such an alert is silent for ever and only its rule's health says why. `promtool test rules` finds them, in any
# test that evaluates their group.
set -euo pipefail
work=$(mktemp -d)
finish() {
  [ -z "${server:-}" ] || { kill "$server" && wait "$server" || true; } 2>/dev/null
  rm -rf "$work"
}
trap finish EXIT
cd "$work"
chmod 755 . # apt downloads as a user of its own
download() { apt-get download -qq prometheus=2.42.0+ds-5+deb12u1 2>/dev/null; }
download || { apt-get update -qq >/dev/null && download; }
dpkg -x prometheus_*.deb deb
cat >rules.yml <<'YML'
groups:
  - name: checked
    interval: 1s
    rules:
      - {alert: AString, expr: '"red"'}
      - {alert: BrokenRegex, expr: 'label_replace(up, "county", "$1", "instance", "(.*") == 1'}
      - {alert: LabelWithASpace, expr: 'label_replace(up, "a county", "$1", "instance", "(.*)") == 1'}
      - {alert: CountedUnderASpace, expr: 'count_values("a county", up) > 0'}
      - {alert: Right, expr: 'label_replace(up, "county", "$1", "instance", "(.*)") == 1'}
YML
cat >test.yml <<'YML'
rule_files: [rules.yml]
evaluation_interval: 1s
tests:
  - interval: 1s
    input_series: [{series: 'up{instance="a"}', values: '1 1'}]
    alert_rule_test: [{eval_time: 1s, alertname: Right, exp_alerts: [{exp_labels: {instance: a, county: a}}]}]
YML
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
cat >prometheus.yml <<YML
global: {scrape_interval: 1s}
rule_files: [rules.yml]
scrape_configs: [{job_name: itself, static_configs: [{targets: ['127.0.0.1:$port']}]}]
YML
check=0 && deb/usr/bin/promtool check rules rules.yml || check=$?
tested=0 && deb/usr/bin/promtool test rules test.yml >/dev/null 2>&1 || tested=$?
deb/usr/bin/prometheus --config.file=prometheus.yml --storage.tsdb.path=data --web.listen-address="127.0.0.1:$port" \
  --log.level=error 2>log &
server=$!
python3 - "$port" "$check" "$tested" <<'PY'
import json, sys, time, urllib.request

port, check, tested = sys.argv[1:]
deadline = time.monotonic() + 60
rules = []
while time.monotonic() < deadline:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/rules", timeout=5) as answer:
            rules = json.load(answer)["data"]["groups"][0]["rules"]
    except OSError:
        pass
    if rules and any(rule["state"] == "firing" for rule in rules):
        break
    time.sleep(0.5)
seen = {rule["name"]: (rule["health"], rule["state"]) for rule in rules}
found = {
    "AString": ("err", "inactive"), "BrokenRegex": ("err", "inactive"), "LabelWithASpace": ("err", "inactive"),
    "CountedUnderASpace": ("err", "inactive"), "Right": ("ok", "firing"),
}
print(f"promtool 2.42.0: check rules exits {check}, test rules {tested}")
for rule in rules:
    print(f"{rule['name']}: {rule['health']}, {rule['state']} {rule.get('lastError', '')}")
sys.exit((seen != found or check != "0" or tested == "0") and f"changed: {seen}")
PY
