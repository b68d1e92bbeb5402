"""Background tasks in Python, for and by the TypeScript SDK."""

import sys

from prefect import task
from prefect.task_worker import serve


@task(result_serializer="json")
def shout(text: str, times: int = 1):
    return {"said": text.upper() * times}


@task(result_serializer="json")
def measure(text: str, times: int = 1):
    """Its body lives in TypeScript."""


command, *arguments = sys.argv[1:]
if command == "key":
    print(shout.task_key)
elif command == "serve":
    serve(shout)
elif command == "delay":
    measure.task_key = arguments[0]
    future = measure.delay("abc", times=2)
    future.wait()
    print("measured", future.state.name, future.result(timeout=30), flush=True)
