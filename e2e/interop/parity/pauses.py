"""Flow runs that pause, and what another process answers them."""

import asyncio
from typing import Any
from uuid import UUID

from elsewhere import start, succeed
from facts import api, client, eventually, main, raised, run_in_state, scenario, states_of
from prefect import flow, pause_flow_run, task
from prefect.flow_runs import suspend_flow_run
from prefect.input import RunInput, receive_input, send_input


class Order(RunInput):
    """What to bring."""

    dish: str
    count: int


@flow(flow_run_name="pauses")
def pauses():
    pause_flow_run(timeout=60, poll_interval=1)
    print("went on")


@flow(flow_run_name="pauses twice")
def pauses_twice():
    pause_flow_run(timeout=60, poll_interval=1, key="same")
    pause_flow_run(timeout=60, poll_interval=1, key="same")
    pause_flow_run(timeout=60, poll_interval=1, key="other")
    print("went on")


@flow(flow_run_name="asks")
def asks():
    order = pause_flow_run(wait_for_input=Order.with_initial_data(description="Your order?", dish="soup"), timeout=60, poll_interval=1)
    print("ordered", order.count, order.dish)


@flow(flow_run_name="asks for a number")
async def asks_for_a_number():
    number = await pause_flow_run(wait_for_input=int, timeout=60, poll_interval=1)
    print("got", number + 1)


@flow(flow_run_name="forgotten")
def forgotten():
    pause_flow_run(timeout=1, poll_interval=1)


@flow(flow_run_name="suspends")
def suspends():
    suspend_flow_run()


@flow(flow_run_name="listens")
async def listens():
    async for order in receive_input(Order, timeout=60, poll_interval=0.2, with_metadata=False):
        print("heard", order.dish, order.count)
        await order.respond(f"{order.count} {order.dish} coming")
        if order.dish == "bill":
            return


def run(name: str) -> None:
    """Runs a flow of this module, in a process of its own."""
    function = globals()[name]
    answer = function(return_state=True)
    asyncio.run(answer) if asyncio.iscoroutine(answer) else answer


def keyset(run: Any) -> dict[str, Any]:
    names = run.state.state_details.run_input_keyset
    return {kind: name for kind, name in sorted(names.items())}


@scenario
def a_run_pauses_until_it_is_resumed():
    program = start("pauses:run", "pauses")
    paused = run_in_state("pauses", "Paused")
    details = paused.state.state_details
    answer = client().resume_flow_run(paused.id)
    code = program.end()
    again = client().resume_flow_run(paused.id)
    return {
        "details": [details.pause_reschedule, details.pause_key, details.pause_timeout is not None],
        "answers": [answer.status.value, again.status.value, again.details.reason],
        "code": code,
        "went on": "went on" in program.output,
        "states": states_of(paused.id),
        "run_count": [api("GET", f"/flow_runs/{paused.id}")[name] for name in ("run_count", "empirical_policy")],
    }


@scenario
def a_run_is_resumed_from_the_command_line():
    program = start("pauses:run", "pauses_twice")
    first = run_in_state("pauses twice", "Paused")
    succeed("api", "POST", f"/flow_runs/{first.id}/resume")
    second = run_in_state("pauses twice", "Paused")
    seen = {first.state.state_details.pause_key}
    while second.state.state_details.pause_key in seen:
        second = run_in_state("pauses twice", "Paused")
    succeed("api", "POST", f"/flow_runs/{first.id}/resume")
    return {
        "code": program.end(),
        "went on": "went on" in program.output,
        "states": states_of(first.id),
        "keys": sorted(api("GET", f"/flow_runs/{first.id}")["empirical_policy"]["pause_keys"]),
    }


@scenario
def a_run_waits_for_input():
    program = start("pauses:run", "asks")
    run = run_in_state("asks", "Paused")
    keys = keyset(run)
    # The client writes it after it paused.
    prefix = keys["schema"].removesuffix("schema")
    inputs = lambda: {kept["key"]: kept["value"] for kept in api("POST", f"/flow_runs/{run.id}/input/filter", prefix=prefix)}
    asked = eventually("its schema is there", inputs)
    wrong = [
        client().resume_flow_run(run.id),
        client().resume_flow_run(run.id, run_input={"dish": "soup", "count": "many"}),
        client().resume_flow_run(run.id, run_input={"count": 3, "more": "bread"}),
    ]
    right = client().resume_flow_run(run.id, run_input={"dish": "soup", "count": 2})
    return {
        "keyset": keys,
        "asked": asked,
        "wrong": [[answer.status.value, answer.details.reason] for answer in wrong],
        "right": right.status.value,
        "code": program.end(),
        "output": "ordered 2 soup" in program.output,
        "states": states_of(run.id),
        "left": [kept["key"] for kept in api("POST", f"/flow_runs/{run.id}/input/filter", prefix="paused", limit=10)],
    }


@scenario
def a_run_waits_for_a_number():
    program = start("pauses:run", "asks_for_a_number")
    run = run_in_state("asks for a number", "Paused")
    keys = keyset(run)
    eventually("its schema is there", lambda: keys["schema"] in str(api("POST", f"/flow_runs/{run.id}/input/filter", prefix="")))
    wrong = client().resume_flow_run(run.id, run_input={"value": "x"})
    right = client().resume_flow_run(run.id, run_input={"value": 41})
    return {
        "wrong": [wrong.status.value, wrong.details.reason],
        "right": right.status.value,
        "code": program.end(),
        "output": "got 42" in program.output,
    }


@scenario
def a_pause_that_nobody_ends_fails():
    program = start("pauses:run", "forgotten")
    code = program.end()
    run = run_in_state("forgotten", "Failed")
    return {"code": code, "states": states_of(run.id)}


@scenario
def a_run_without_a_deployment_is_not_suspended():
    state = suspends(return_state=True)
    return states_of(state.state_details.flow_run_id)


@scenario
def pausing_from_outside():
    @flow
    def quick():
        return 1

    flow_id = api("POST", "/flows/", name="quick")["id"]
    running = api("POST", "/flow_runs/", flow_id=flow_id, state={"type": "RUNNING"})["id"]
    ended = quick(return_state=True).state_details.flow_run_id
    return [
        raised(lambda: suspend_flow_run(flow_run_id=UUID(running))),
        states_of(running),
        raised(lambda: suspend_flow_run(flow_run_id=ended)),
        raised(lambda: pause_flow_run()),
    ]


@scenario
def runs_send_each_other_input():
    program = start("pauses:run", "listens")
    run = run_in_state("listens", "Running")

    @task
    async def sends(dish: str, count: int):
        await Order(dish=dish, count=count).send_to(run.id)

    @flow
    async def orders():
        await sends("soup", 2)
        await sends("bill", 1)
        return [await receive_input(str, flow_run_id=None, timeout=60, poll_interval=0.2).next() for _ in range(2)]

    heard = asyncio.run(orders())
    return {
        "heard": sorted(heard),
        "code": program.end(),
        "output": ["heard soup 2" in program.output, "heard bill 1" in program.output],
        "left": api("POST", f"/flow_runs/{run.id}/input/filter", prefix="", limit=10),
        "unknown": raised(lambda: asyncio.run(send_input("x", UUID(int=1)))).split(":")[0],
    }


if __name__ == "__main__":
    main()
