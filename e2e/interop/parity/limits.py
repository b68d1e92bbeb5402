"""What waits for what: limits of all kinds."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from elsewhere import succeed, typed
from facts import api, client, main, raised, scenario, set_state, tasks_of
from prefect import flow, task
from prefect.client.schemas.actions import GlobalConcurrencyLimitCreate
from prefect.concurrency.asyncio import concurrency as aconcurrency
from prefect.concurrency.asyncio import rate_limit as arate_limit
from prefect.concurrency.sync import concurrency, rate_limit


class Gauge:
    """How many are inside at once, at most."""

    def __init__(self) -> None:
        self.inside = 0
        self.most = 0

    def __enter__(self) -> None:
        self.inside += 1
        self.most = max(self.most, self.inside)

    def __exit__(self, *_: Any) -> None:
        self.inside -= 1


def a_limit(name: str, limit: int, **others: Any) -> None:
    client().create_global_concurrency_limit(GlobalConcurrencyLimitCreate(name=name, limit=limit, **others))


def slots(name: str) -> int:
    return api("GET", f"/v2/concurrency_limits/{name}")["active_slots"]


@scenario
def threads_wait_for_slots():
    a_limit("threads", 2)
    gauge = Gauge()

    def works(_):
        with concurrency("threads", occupy=1, timeout_seconds=60), gauge:
            time.sleep(0.2)
            return slots("threads") <= 2

    with ThreadPoolExecutor(4) as pool:
        kept = all(pool.map(works, range(4)))
    return {"most": gauge.most <= 2, "kept": kept, "left": slots("threads")}


@scenario
async def coroutines_wait_for_slots():
    await asyncio.to_thread(a_limit, "coroutines", 1)
    gauge = Gauge()

    async def works():
        async with aconcurrency(["coroutines"], timeout_seconds=60):
            with gauge:
                await asyncio.sleep(0.1)

    await asyncio.gather(*(works() for _ in range(3)))
    return {"most": gauge.most, "left": await asyncio.to_thread(slots, "coroutines")}


@scenario
def a_wait_for_slots_ends():
    a_limit("taken", 1)

    def takes_again():
        with concurrency("taken", occupy=1), concurrency("taken", timeout_seconds=1):
            pass

    def takes_too_many():
        with concurrency("taken", occupy=5, timeout_seconds=1):
            pass

    return [raised(takes_again).split(":")[0], raised(takes_too_many).split(":")[0], slots("taken")]


@scenario
def limits_that_are_not_there():
    def strict():
        with concurrency("nowhere", strict=True):
            pass

    def lax():
        with concurrency("nowhere"):
            return "inside"

    return [raised(strict), lax(), raised(lambda: rate_limit("nowhere", strict=True)), raised(lambda: rate_limit("nowhere"))]


@scenario
def inactive_limits_and_limits_of_nothing():
    a_limit("inactive", 1, active=False)
    a_limit("nothing", 0)

    def inside(name):
        with concurrency(name, occupy=1, timeout_seconds=1):
            return "inside"

    return [raised(lambda: inside("inactive")), raised(lambda: inside("nothing")).split(":")[0]]


@scenario
def rates_are_limited():
    a_limit("rate", 2, slot_decay_per_second=4)
    a_limit("no rate", 2)

    async def later():
        for _ in range(2):
            await arate_limit("rate")

    start = time.monotonic()
    for _ in range(4):
        rate_limit("rate")
    asyncio.run(later())
    seconds = time.monotonic() - start
    return {"waited": seconds > 0.5, "without decay": raised(lambda: rate_limit("no rate"))}


@scenario
def tasks_with_a_tag_wait_for_slots():
    succeed("concurrency-limit", "create", "parity-narrow", "1")
    gauge = Gauge()

    @task(tags=["parity-narrow"])
    def narrow(n: int):
        with gauge:
            time.sleep(0.2)

    @flow
    def wide():
        return [future.result() for future in narrow.map([1, 2, 3])]

    state = wide(return_state=True)
    facts = {"most": gauge.most, "tasks": tasks_of(state.state_details.flow_run_id, 3)}
    facts["left"] = slots("tag:parity-narrow")
    return facts


@scenario
def deployments_let_runs_wait_or_cancel_them():
    flow_id = api("POST", "/flows/", name="limited")["id"]
    facts = {}
    for strategy in ("ENQUEUE", "CANCEL_NEW"):
        options = {"collision_strategy": strategy}
        body = {"name": strategy, "concurrency_limit": 1, "concurrency_options": options}
        deployment = api("POST", "/deployments/", flow_id=flow_id, **body)["id"]
        runs = [api("POST", f"/deployments/{deployment}/create_flow_run", state={"type": "SCHEDULED"})["id"] for _ in range(3)]
        first, second, third = runs
        told = [
            set_state("flow_runs", first, {"type": "PENDING"}),
            set_state("flow_runs", second, {"type": "PENDING"}),
            set_state("flow_runs", first, {"type": "RUNNING"}),
            set_state("flow_runs", first, {"type": "COMPLETED"}),
            set_state("flow_runs", third, {"type": "PENDING"}),
        ]
        limit = api("GET", f"/deployments/{deployment}")["global_concurrency_limit"]
        facts[strategy] = [told, limit["limit"], limit["active_slots"]]
    return facts


@scenario
def limits_are_managed_from_the_command_line():
    return typed(
        "gcl create by-hand --limit 3",
        "gcl create by-hand --limit 3",
        "gcl inspect by-hand --output json",
        "gcl update by-hand --limit 5",
        "gcl update by-hand --active-slots 2",
        "gcl disable by-hand",
        "gcl disable by-hand",
        "gcl enable by-hand",
        "gcl inspect by-hand",
        "gcl delete by-hand",
        "gcl inspect by-hand",
        "concurrency-limit create parity-tag 4",
        "concurrency-limit create parity-tag 5",
        "concurrency-limit inspect parity-tag",
        "concurrency-limit reset parity-tag",
        "concurrency-limit delete parity-tag",
        "concurrency-limit inspect parity-tag",
    )


if __name__ == "__main__":
    main()
