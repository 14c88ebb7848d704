"""The design that Verifeed replaces: FastAPI, aiomysql, aio-pika, redis; one process of uvicorn, with uvloop and httptools.

The same work on the same rows and entries as the other peers, without GraphQL.
"""

import asyncio
import json
import os
import socket
from datetime import datetime, timedelta
from urllib.parse import unquote, urlparse

import aio_pika
import aiomysql
import redis.asyncio
import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel

CHAIN = 1
QUEUE = "peer.submissions"
SELECT = "select status, version, source_name from contracts where chain_id = %s and address = %s"
# With placeholders alone, which lets the driver send many rows as one statement.
INSERT = """insert into contracts
(chain_id, address, status, version, attempts, failures, due_at, created_at, updated_at, submitted_at)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"""

app = FastAPI()


class Submission(BaseModel):
    address: str


class Submissions(BaseModel):
    addresses: list[str]


def key_of(address: str) -> bytes:
    return bytes.fromhex(address[2:])


def row_of(address: str) -> tuple:
    now = datetime.utcnow()
    return (CHAIN, key_of(address), "CREATED", 1, 0, 0, now + timedelta(seconds=15), now, now, now)


@app.on_event("startup")
async def connect() -> None:
    mysql = urlparse(os.environ["MYSQL_URL"])
    app.state.pool = await aiomysql.create_pool(
        host=mysql.hostname,
        port=mysql.port,
        user=unquote(mysql.username),
        password=unquote(mysql.password),
        db=mysql.path[1:],
        minsize=10,
        maxsize=10,
        autocommit=True,
    )
    app.state.redis = redis.asyncio.from_url(os.environ["REDIS_URL"], decode_responses=True)
    app.state.broker = await aio_pika.connect(os.environ["RABBITMQ_URL"])
    # Every publish waits for the broker's confirm.
    app.state.channel = await app.state.broker.channel(publisher_confirms=True)
    await app.state.channel.declare_queue(QUEUE, durable=True)


async def publish(address: str) -> None:
    body = json.dumps({"chainId": CHAIN, "address": address, "version": 1}).encode()
    message = aio_pika.Message(body, delivery_mode=aio_pika.DeliveryMode.PERSISTENT)
    await app.state.channel.default_exchange.publish(message, routing_key=QUEUE)


@app.post("/contracts")
async def submit(submission: Submission):
    async with app.state.pool.acquire() as connection, connection.cursor() as cursor:
        await cursor.execute(INSERT, row_of(submission.address))
    await publish(submission.address)
    return {"address": submission.address, "status": "CREATED", "version": 1}


@app.post("/contracts/batch")
async def submit_many(submissions: Submissions):
    rows = [row_of(address) for address in submissions.addresses]
    async with app.state.pool.acquire() as connection, connection.cursor() as cursor:
        await cursor.executemany(INSERT, rows)
    await asyncio.gather(*(publish(address) for address in submissions.addresses))
    return [
        {"address": address, "status": "CREATED", "version": 1} for address in submissions.addresses
    ]


@app.get("/contracts/{address}")
async def contract(address: str):
    async with app.state.pool.acquire() as connection, connection.cursor() as cursor:
        await cursor.execute(SELECT, (CHAIN, key_of(address)))
        row = await cursor.fetchone()
    if row is None:
        return None
    return {"address": address, "status": row[0], "version": row[1], "source": {"name": row[2]}}


@app.get("/cached/{address}")
async def cached(address: str):
    text = await app.state.redis.get(f"peer:{CHAIN}:{address.lower()}")
    if text is None:
        return None
    entry = json.loads(text)
    source = {"name": entry["source"]["name"]}
    return {
        "address": address,
        "status": entry["status"],
        "version": entry["version"],
        "source": source,
    }


class Server(uvicorn.Server):
    async def startup(self, sockets=None) -> None:
        await super().startup(sockets=sockets)
        print(json.dumps({"message": "ready", "port": sockets[0].getsockname()[1]}), flush=True)


listener = socket.create_server(("127.0.0.1", 0))
config = uvicorn.Config(app, loop="uvloop", http="httptools", log_level="warning", access_log=False)
Server(config).run(sockets=[listener])
