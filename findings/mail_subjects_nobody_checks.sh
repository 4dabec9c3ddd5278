#!/usr/bin/env bash
# A good guess: `amtool check-config` parses the templates that stand in a configuration, so that a misspelled function, a
# template that nobody defines or an unclosed brace in the subject of an alarm mail is found before the alarm.
# amtool 0.28.1 says SUCCESS to all three and exits 0, as 0.25 of Debian 12 did. The same program refuses each when asked
# to render it: `amtool template render` is the check, text by text.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export GOPATH="$work/go" GOBIN="$work/bin" GOCACHE="$work/cache" GOFLAGS=-modcacherw
go install github.com/prometheus/alertmanager/cmd/amtool@v0.28.1 2>log || { tail -5 log >&2 && exit 1; }
module=go/pkg/mod/cache/download/github.com/prometheus/alertmanager/@v/v0.28.1.zip
echo "9925ed0b8733d9a5bb4841a8e5d0ee130fa40d7e9a96087baaae233c215a87c0  $module" | sha256sum --check --quiet
default=go/pkg/mod/github.com/prometheus/alertmanager@v0.28.1/template/default.tmpl
status() { "$@" >/dev/null 2>&1 && echo 0 || echo "$?"; }
seen=
while IFS= read -r subject; do
  cat >alertmanager.yml <<YML
route: {receiver: duty}
receivers:
  - name: duty
    email_configs:
      - {to: duty@example.org, from: a@example.org, smarthost: 'localhost:25', headers: {Subject: '$subject'}}
YML
  check=$(status bin/amtool check-config alertmanager.yml)
  render=$(status bin/amtool template render --template.glob="$default" --template.text="$subject")
  echo "$subject: check-config exits $check, template render $render"
  seen+="$check$render "
done <<'SUBJECTS'
{{ .CommonLabels.alertname | uppercase }}
{{ template "county.subject" . }}
{{ .CommonLabels.alertname
{{ .CommonLabels.alertname | toUpper }}
SUBJECTS
[ "$seen" = "01 01 01 00 " ] || {
  echo "changed: $seen" >&2
  exit 1
}
