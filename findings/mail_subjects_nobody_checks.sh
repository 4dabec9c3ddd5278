#!/usr/bin/env bash
# A good guess: `amtool check-config` parses the templates that stand in a configuration, so that a misspelled function, a
# template that nobody defines or an unclosed brace in the subject of an alarm mail is found before the alarm.
# amtool 0.25 says SUCCESS to all three and exits 0. The same program refuses each when asked to render it:
# `amtool template render` is the check, text by text.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
chmod 755 . # apt downloads as a user of its own
SHA256=4fb9aed15cfe8e0c32408e643ab32a1e41ee87d2cc26f18aeba928b1b0b98ae7 # of amd64
download() { apt-get download -qq prometheus-alertmanager=0.25.0-1+b4 2>/dev/null; }
download || { apt-get update -qq >/dev/null && download; }
package=$(echo prometheus-alertmanager_*.deb)
echo "$SHA256  $package" | sha256sum --check --quiet
dpkg -x "$package" deb
default=$(find deb -name default.tmpl)
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
  check=$(status deb/usr/bin/amtool check-config alertmanager.yml)
  render=$(status deb/usr/bin/amtool template render --template.glob="$default" --template.text="$subject")
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
