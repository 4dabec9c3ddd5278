#!/usr/bin/env bash
# A good guess: a client that sends a whole POST and then closes only its own direction (shutdown of the sending side, as
# `nc -N` and many a plain-socket gateway do) still gets the answer: TCP allows it, and the request is complete.
# When the work takes 0.3 s, only hypercorn does. uvicorn (with h11 and with httptools), granian and aiohttp do all of the
# work and then throw the answer away: a clean end of stream and no status. What was ordered is done, and its number is
# never said. With the connection left open all answer 200.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv py && py/bin/pip install -q --disable-pip-version-check \
  uvicorn==0.54.0 h11==0.16.0 httptools==0.9.0 hypercorn==0.18.0 granian==2.8.9 aiohttp==3.14.5
cat >served.py <<'PY'
import asyncio, pathlib

async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
        return
    while (await receive()).get("more_body"):
        pass
    await asyncio.sleep(0.3)
    pathlib.Path("worked").write_text("yes")
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})
PY
cat >by_aiohttp.py <<'PY'
import asyncio, pathlib, sys
from aiohttp import web

async def handle(request):
    await request.read()
    await asyncio.sleep(0.3)
    pathlib.Path("worked").write_text("yes")
    return web.Response(text="ok")

application = web.Application()
application.router.add_post("/", handle)
web.run_app(application, host="127.0.0.1", port=int(sys.argv[1]), print=None)
PY
py/bin/python - <<'PY'
import pathlib, socket, subprocess, sys, time

WORKED = pathlib.Path("worked")
REQUEST = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"
SERVERS = {
    "uvicorn, h11": "uvicorn served:app --port {} --http h11 --log-level warning",
    "uvicorn, httptools": "uvicorn served:app --port {} --http httptools --log-level warning",
    "hypercorn": "hypercorn -b 127.0.0.1:{} served:app",
    "granian": "granian --interface asgi --host 127.0.0.1 --port {} served:app",
    "aiohttp": "python by_aiohttp.py {}",
}

def connected(port):
    for _ in range(300):
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=10)
        except ConnectionRefusedError:
            time.sleep(0.1)
    raise SystemExit("the server does not start")

def asked(port, half_close):
    WORKED.unlink(missing_ok=True)
    with connected(port) as client:
        client.sendall(REQUEST)
        if half_close:
            client.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: client.recv(4096), b""))
    time.sleep(0.7)
    return answer[9:12].decode() or "nothing", WORKED.exists()

def tried(command):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program, *arguments = command.format(port).split()
    server = subprocess.Popen([f"py/bin/{program}", *arguments], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        return asked(port, half_close=False), asked(port, half_close=True)
    finally:
        server.terminate()
        server.wait()

seen = {name: tried(command) for name, command in SERVERS.items()}
whole = ("200", True)
found = {
    "uvicorn, h11": (whole, ("nothing", True)), "uvicorn, httptools": (whole, ("nothing", True)),
    "hypercorn": (whole, ("200", True)), "granian": (whole, ("nothing", True)), "aiohttp": (whole, ("nothing", True)),
}
print("status and whether the work was done: connection left open | half closed after the request")
for name, answers in seen.items():
    print(f"{name}: {answers[0]} | {answers[1]}")
sys.exit(seen != found and f"changed: {seen}")
PY
