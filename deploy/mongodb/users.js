// Makes the replica set, the roles and the users of docker-compose.yml. Safe to run again.
// A service reads and writes its own database and nothing else; nobody may update or delete in the ledger; of the vault,
// readers see the view with the keys that they need.
const namespace = process.env.NAMESPACE;
const password = process.env.PASSWORD;
const services = ["intake", "routing", "sla", "notify", "feedback", "portal", "staff"];
const door = "intake-api"; // may stand at the internet: it looks up what is registered, and sees no key
const showing = "portal-api"; // stands at the internet: it reads what is shown, and writes nothing but tried codes
const relays = { "notify-feed": "notify", "notify-hooks": "notify" }; // of the database they see which log it knows and who runs
const queues = { "notify-hooks": ["hook_queue"] }; // and what is theirs
const preparing = "prepare"; // lays topics: it looks which log the documents know, and writes that down
const documents = ["accounts", "assignments", "cases", "clock_sheets", "deliveries", "tickets"]; // have positions in the log
const keyViews = {
  routing: ["words_keys"],
  sla: ["words_keys"],
  notify: ["words_keys", "contact_keys"],
  feedback: ["words_keys"],
  portal: ["words_keys"],
};
const droppable = { portal: ["tickets_rebuilt"] }; // made anew from the log
const append = ["find", "insert", "createCollection", "createIndex", "listIndexes"];
const keep = [...append, "update"]; // a tombstone is never deleted
const change = [...keep, "remove"];
const tried = ["find", "insert", "update"]; // of the codes that were tried, counted over all services
const asksCodes = [door, showing, "feedback", "notify"];
const appendOnly = ["ledger", "ledger_heads"];
const changeable = ["tickets", "parked", "control", "day_keys", "members"];

function initiate() {
  try {
    rs.status();
  } catch (notYet) {
    rs.initiate({
      _id: "rs0",
      members: [{ _id: 0, host: "mongodb:27017" }],
      settings: { electionTimeoutMillis: 2000 }, // a short write gap at a fail-over
    });
  }
  while (!db.hello().isWritablePrimary) sleep(200);
}

function on(database, collections, actions) {
  return collections.map((collection) => ({ resource: { db: `${namespace}_${database}`, collection }, actions }));
}

// Every process looks whether the database would lose acknowledged writes, and refuses to start if so.
const looking = { resource: { cluster: true }, actions: ["getDefaultRWConcern"] };

function privileges(service) {
  if (relays[service]) {
    const own = on(relays[service], queues[service] || [], change);
    const known = [...on(relays[service], ["control"], ["find"]), ...on(relays[service], ["members"], keep)];
    return [looking, ...known, ...own];
  }
  const codes = on("codes", ["code_attempts"], service === "intake" ? append : tried);
  if (service === door) return [looking, ...on("intake", ["tickets", "ledger_heads", "control"], ["find"]), ...codes];
  if (service === showing) {
    return [looking, ...on("portal", ["tickets", "control"], ["find"]), ...on("vault", ["words_keys"], ["find"]), ...codes];
  }
  if (service === preparing) return [looking, ...services.flatMap(toPrepare)];
  const listing = { resource: { db: `${namespace}_${service}`, collection: "" }, actions: ["listCollections", "dbStats"] };
  if (service === "intake") {
    const vault = { resource: { db: `${namespace}_vault`, collection: "" }, actions: [...keep, "listCollections"] };
    const oplog = { resource: { db: "local", collection: "oplog.rs" }, actions: ["find"] }; // how far back it reaches
    const own = [...on("intake", changeable, change), ...on("intake", appendOnly, append)];
    return [looking, listing, vault, oplog, ...own, ...codes];
  }
  const own = { resource: { db: `${namespace}_${service}`, collection: "" }, actions: change };
  const keys = on("vault", keyViews[service] || [], ["find"]);
  return [looking, listing, own, ...(asksCodes.includes(service) ? codes : []), ...keys, ...on(service, droppable[service] || [], ["dropCollection"])];
}

function toPrepare(service) {
  return [...on(service, documents, ["find"]), ...on(service, ["control"], keep)];
}

const admin = db.getSiblingDB("admin");

function grant(service) {
  const role = `${namespace}_${service}`;
  if (admin.getRole(role)) admin.updateRole(role, { privileges: privileges(service), roles: [] });
  else admin.createRole({ role, privileges: privileges(service), roles: [] });
  const user = { pwd: password, roles: [{ role, db: "admin" }] };
  if (admin.getUser(service)) admin.updateUser(service, user);
  else admin.createUser({ user: service, ...user });
}

initiate();
[...services, door, showing, ...Object.keys(relays), preparing].forEach(grant);
