"""What the TypeScript SDK talks with: pauses, answers and messages in Python."""

import sys

from prefect import flow
from prefect.flow_runs import pause_flow_run, resume_flow_run
from prefect.input import RunInput, receive_input, send_input


class Order(RunInput):
    item: str
    count: int = 1


class Greeting(RunInput):
    text: str


@flow
def asks():
    order = pause_flow_run(wait_for_input=Order.with_initial_data(description="What?", count=2), timeout=60, poll_interval=1)
    print("got", order.item, order.count, flush=True)


@flow
def talks(to: str):
    Greeting(text="from python").send_to(to)
    send_input(7, flow_run_id=to)
    for answer in receive_input(str, timeout=30, poll_interval=1):
        print("answered", answer, flush=True)
        break


command, *arguments = sys.argv[1:]
if command == "asks":
    asks()
elif command == "resume":
    resume_flow_run(arguments[0], run_input={"item": "tea", "count": 3})
elif command == "talks":
    talks(arguments[0])
