#!/usr/bin/env bash
# A good guess: the usual checkers of OpenAPI documents refuse what the specification forbids in words: a path parameter
# that nobody declares, two operations of one id, a security requirement that names no scheme, an undefined type.
# SwaggerParser.validate() (npm) passes all of these for version 3.1, a pattern "(" and type "strng" too: beyond the bare
# form it checks nothing there. @readme/openapi-parser finds the first two, openapi-spec-validator (PyPI) also the types.
# The security requirement without a scheme passes all three.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv py && py/bin/pip install -q --disable-pip-version-check openapi-spec-validator==0.9.0
npm install --silent --no-audit --no-fund --ignore-scripts \
  @apidevtools/swagger-parser@13.0.0 @readme/openapi-parser@9.0.0
cat >check.mjs <<'JS'
import SwaggerParser from '@apidevtools/swagger-parser'
import { validate } from '@readme/openapi-parser'
import { readFileSync } from 'node:fs'
const passes = async (check) => {
  try {
    return (await check()).valid !== false
  } catch {
    return false
  }
}
const answers = []
for (const text of JSON.parse(readFileSync('documents.json', 'utf8'))) {
  answers.push([
    await passes(() => SwaggerParser.validate(JSON.parse(text))),
    await passes(() => validate(JSON.parse(text))),
  ])
}
console.log(JSON.stringify(answers))
JS
py/bin/python - <<'PY'
import json, subprocess, sys
from openapi_spec_validator import validate

def document(schema=None, parameters=None, **operation):
    number = {"name": "number", "in": "path", "required": True, "schema": schema or {"type": "string"}}
    get = {"operationId": "read", "parameters": [number] if parameters is None else parameters}
    get |= {"responses": {"200": {"description": "read"}}} | operation
    return {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {"/tickets/{number}": {"get": get}}}

twice = document()
twice["paths"]["/units"] = {"get": {"operationId": "read", "responses": {"200": {"description": "read"}}}}
documents = {
    "right": document(),
    "path parameter not declared": document(parameters=[]),
    "one operation id twice": twice,
    "type strng": document({"type": "strng"}),
    "pattern (": document({"type": "string", "pattern": "("}),
    "security scheme not defined": document(security=[{"key": []}]),
    "status 2OO": document(responses={"2OO": {"description": "read"}}),
}

def passes(text):
    try:
        validate(json.loads(text))
    except Exception:
        return False
    return True

texts = list(map(json.dumps, documents.values()))
with open("documents.json", "w") as file:
    json.dump(texts, file)
node = subprocess.run(["node", "check.mjs"], capture_output=True, text=True, check=True).stdout
js = json.loads(node)
seen = {name: (*by_js, passes(text)) for name, by_js, text in zip(documents, js, texts, strict=True)}
found = {
    "right": (True, True, True),
    "path parameter not declared": (True, False, False),
    "one operation id twice": (True, False, False),
    "type strng": (True, True, False),
    "pattern (": (True, True, False),
    "security scheme not defined": (True, True, True),
    "status 2OO": (False, False, False),
}
print("passes: @apidevtools/swagger-parser | @readme/openapi-parser | openapi-spec-validator")
for name, answers in seen.items():
    print(f"{name}: {' | '.join(map(str, answers))}")
sys.exit(seen != found and f"changed: {seen}")
PY
