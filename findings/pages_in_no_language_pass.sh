#!/usr/bin/env bash
# A good guess: a checker of accessible HTML refuses a page whose lang is no language tag: "cn" (a country), "zh_CN" (an
# underscore), "chinese", or empty, since a screen reader then reads Chinese with another voice, or not at all.
# html-validate with its recommended, standard and accessibility rules takes each of them. axe-core looks at the first
# part only: it refuses "cn" and "zh_CN" but takes "zh-China", "zh-CNN" and the unfinished "zh-", which no registry has.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund --ignore-scripts html-validate@10.17.0 axe-core@4.14.1 jsdom@29.1.1
cat >check.mjs <<'JS'
import { createRequire } from 'node:module'
import { HtmlValidate, StaticConfigLoader } from 'html-validate'
import { JSDOM, VirtualConsole } from 'jsdom'
const axe = createRequire(import.meta.url)('axe-core')
const presets = ['html-validate:recommended', 'html-validate:standard', 'html-validate:a11y']
const validator = new HtmlValidate(new StaticConfigLoader({ extends: presets }))
const page = (lang) => `<!DOCTYPE html><html lang="${lang}"><head><title>督办</title></head><body><h1>登记</h1></body></html>`
const byValidate = async (lang) => (await validator.validateString(page(lang))).valid
const byAxe = async (lang) => {
  const { window } = new JSDOM(page(lang), { runScripts: 'outside-only', virtualConsole: new VirtualConsole() })
  window.eval(axe.source)
  const rules = { type: 'rule', values: ['html-has-lang', 'html-lang-valid', 'valid-lang'] }
  return (await window.axe.run(window.document, { runOnly: rules })).violations.length === 0
}
const found = {
  'zh-CN': [true, true], cn: [true, false], zh_CN: [true, false], chinese: [true, false],
  'zh-China': [true, true], 'zh-CNN': [true, true], 'zh-': [true, true], '': [true, false],
}
console.log('lang passes: html-validate 10.17.0 | axe-core 4.14.1')
const changed = []
for (const [lang, was] of Object.entries(found)) {
  const is = [await byValidate(lang), await byAxe(lang)]
  console.log(`"${lang}": ${is.join(' | ')}`)
  if (String(is) !== String(was)) changed.push(lang)
}
if (changed.length) throw new Error('changed: ' + changed)
JS
node check.mjs
