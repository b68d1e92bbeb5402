"""Shares a cache with the TypeScript SDK: keys of inputs, records, and locks in a folder."""

import sys
from pathlib import Path

from prefect import flow, task
from prefect.cache_policies import INPUTS
from prefect.locking.filesystem import FileSystemLockManager

ran = []


@task(cache_policy=INPUTS, result_serializer="json", persist_result=True)
def measure(text, times):
    ran.append(text)
    return {"measured by": "python", "times": times}


@flow
def measures(text):
    return measure(text, 2)


command, *arguments = sys.argv[1:]
if command == "measure":
    print(measures(arguments[0]), "ran", ran, flush=True)
elif command == "lock":
    locks = FileSystemLockManager(Path(arguments[0]))
    print("held by another", locks.is_locked("the-key"), flush=True)
    print("acquired", locks.acquire_lock("the-key", holder="python", acquire_timeout=0.2), flush=True)
