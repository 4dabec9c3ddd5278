#!/usr/bin/env bash
# A good guess: Apache's own avro package for Python, and fastavro, refuse a schema that the Avro specification forbids, so
# that parsing it in CI is a check of a contract.
# avro takes an int field with the default "five": CI is green, and the first *old* record, which needs the default,
# raises in production. Both take field names 登记号 and 1a (the rule is [A-Za-z_][A-Za-z0-9_]*). fastavro takes two fields
# of one name and a union with one type twice. avsc (npm) refuses all of these; but it also refuses a default of a union's
# second branch, which avro and fastavro read. A schema checked by one of the three is no contract for the other two.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv py && py/bin/pip install -q --disable-pip-version-check avro==1.12.2 fastavro==1.13.1
npm install --silent --no-audit --no-fund --ignore-scripts avsc@5.7.9
cat >check.cjs <<'JS'
const { Type } = require('avsc')
const takes = (schema) => { try { Type.forSchema(schema); return true } catch { return false } }
console.log(JSON.stringify(JSON.parse(process.argv[2]).map(takes)))
JS
py/bin/python -W ignore - <<'PY'
import io, json, subprocess, sys
import avro.errors, avro.io, avro.schema, fastavro

def record(*fields):
    return {"type": "record", "name": "Ticket", "fields": list(fields)}

NUMBER = {"name": "number", "type": "string"}
found = {  # avro, fastavro, avsc
    "int with the default \"five\"": (True, False, False),
    "field 登记号": (True, True, False),
    "field 1a": (True, True, False),
    "two fields of one name": (False, True, False),
    "union with a type twice": (False, True, False),
    "default of the union's second branch": (True, True, False),
    "a right schema": (True, True, True),
}
schemas = [
    record(NUMBER, {"name": "days", "type": "int", "default": "five"}),
    record({"name": "登记号", "type": "string"}),
    record({"name": "1a", "type": "string"}),
    record(NUMBER, NUMBER),
    record({"name": "unit", "type": ["string", "string"]}),
    record({"name": "unit", "type": ["null", "string"], "default": "none"}),
    record(NUMBER),
]

def takes(parse, schema):
    try:
        parse(schema)
    except (avro.errors.AvroException, fastavro.schema.SchemaParseException):
        return False
    return True

def reads_an_old_record(schema):
    written = io.BytesIO()
    old, new = (avro.schema.parse(json.dumps(each)) for each in (record(NUMBER), schema))
    avro.io.DatumWriter(old).write({"number": "1"}, avro.io.BinaryEncoder(written))
    written.seek(0)
    try:
        return str(avro.io.DatumReader(old, new).read(avro.io.BinaryDecoder(written)))
    except avro.errors.AvroException as error:
        return type(error).__name__

js = subprocess.run(["node", "check.cjs", json.dumps(schemas)], capture_output=True, text=True, check=True).stdout
seen = {
    case: (
        takes(lambda one: avro.schema.parse(json.dumps(one)), schema),
        takes(lambda one: fastavro.parse_schema(json.loads(json.dumps(one))), schema), by_avsc,
    )
    for case, schema, by_avsc in zip(found, schemas, json.loads(js), strict=True)
}
old = reads_an_old_record(schemas[0])
print("takes it: avro 1.12.2 | fastavro 1.13.1 | avsc 5.7.9")
for case, answers in seen.items():
    print(f"{case}: {' | '.join(map(str, answers))}")
print(f"an old record read by avro with the first schema: {old}")
sys.exit((seen != found or old != "InvalidDefaultException") and f"changed: {seen}, {old}")
PY
