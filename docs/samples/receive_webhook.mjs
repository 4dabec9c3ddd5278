// Receives webhooks with Node alone: SECRET=whsec_… node receive_webhook.mjs 8080
//
// Verifies what Standard Webhooks signs, answers at once, drops what came before by its id, and prints each event as
// one line of JSON. The package standardwebhooks of npm verifies the same.

import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";

const key = Buffer.from(process.env.SECRET.replace(/^whsec_/, ""), "base64");
const seen = new Set(); // of a real receiver: a table with a unique key
const TOLERANCE = 300; // seconds

function isSigned(headers, content) {
  const { "webhook-id": id, "webhook-timestamp": at, "webhook-signature": signatures = "" } = headers;
  if (!(Math.abs(Date.now() / 1000 - Number(at)) < TOLERANCE)) return false;
  const wanted = createHmac("sha256", key).update(`${id}.${at}.`).update(content).digest();
  return signatures.split(" ").some((each) => {
    const given = Buffer.from(each.replace(/^v1,/, ""), "base64");
    return each.startsWith("v1,") && given.length === wanted.length && timingSafeEqual(given, wanted);
  });
}

createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const content = Buffer.concat(chunks);
  if (!isSigned(request.headers, content)) return response.writeHead(401).end();
  response.writeHead(204).end();
  const event = JSON.parse(content);
  if (seen.has(event.id)) return;
  seen.add(event.id);
  console.log(JSON.stringify(event));
}).listen(Number(process.argv[2]), "127.0.0.1");
