"""The floor of the intake API: a bare FastAPI endpoint with the same model that awaits one acks=all send."""

import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from aiokafka import AIOKafkaProducer
from fastapi import FastAPI

from services.intake.api.bodies import Submission


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    app.state.producer = AIOKafkaProducer(
        bootstrap_servers=os.environ["KAFKA_BOOTSTRAP_SERVERS"], acks="all", linger_ms=2
    )
    await app.state.producer.start()
    yield
    await app.state.producer.stop()


app = FastAPI(lifespan=lifespan)


@app.post("/v1/submissions", status_code=201)
async def submit(submission: Submission) -> dict[str, str]:
    topic = f"{os.environ['DUBAN_NAMESPACE']}.submissions"
    await app.state.producer.send_and_wait(topic, submission.model_dump_json().encode())
    return {"number": "bare"}


if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning", access_log=False)
