"""Every way in which flow and task runs end by themselves."""

import asyncio
import time

from facts import main, raised, scenario, states_of, tasks_of, tell
from prefect import allow_failure, flow, get_run_logger, task, unmapped
from prefect.client.schemas.objects import State, StateType
from prefect.runtime import flow_run
from prefect.states import Cancelled, Completed, Failed


@task
def number(n: int) -> int:
    return n


@task
def broken() -> None:
    raise RuntimeError("it broke")


@task
def add(left: int, right: int) -> int:
    return left + right


def ran(function, *args, tasks: int = 0, **kwargs):
    """How a run of a flow went."""
    state = function(*args, return_state=True, **kwargs)
    id = state.state_details.flow_run_id
    facts = {"states": states_of(id)}
    if tasks:
        facts["tasks"] = tasks_of(id, tasks)
    return facts


@scenario
def a_flow_completes_without_data():
    @flow
    def quiet():
        pass

    return ran(quiet)


@scenario
def a_flow_completes_with_data_that_is_kept():
    @flow(persist_result=True)
    def counts():
        return number(5)

    state = counts(return_state=True)
    data = state.data
    return {
        "states": states_of(state.state_details.flow_run_id),
        "data": sorted(data.metadata.model_dump(exclude_none=True)),
        "result": state.result(),
        "tasks": tasks_of(state.state_details.flow_run_id, 1),
    }


@scenario
def a_flow_fails_by_its_error():
    @flow
    def fails():
        raise ValueError("no good")

    return ran(fails)


@scenario
def a_flow_fails_by_the_error_of_a_task():
    @flow
    def fails():
        broken()

    return ran(fails, tasks=1)


@scenario
def a_flow_ends_in_the_state_that_it_returns():
    def returns(state):
        @flow(name="returns")
        def returning():
            return state

        return ran(returning)["states"]

    return [
        returns(Failed(message="as I say")),
        returns(Cancelled(message="enough")),
        returns(Completed(message="fine", name="Skipped")),
        returns(State(type=StateType.CRASHED, name="Crashed", message="bang")),
        returns(State(type=StateType.COMPLETED, name="Done", data={"some": "data"})),
    ]


@scenario
def a_flow_ends_as_the_futures_that_it_returns():
    @flow
    def mixed():
        return [number.submit(1), broken.submit(), number.submit(2)]

    @flow
    def good():
        return [number.submit(1), number.submit(2)]

    return [ran(mixed, tasks=3), ran(good, tasks=2)]


@scenario
def a_flow_crashes():
    @flow
    def aborted():
        raise KeyboardInterrupt

    @flow
    def left():
        raise SystemExit(3)

    facts = []
    for crashing in (aborted, left):
        ids = []

        @flow(name=f"around {crashing.name}")
        def around(crashing=crashing, ids=ids):
            ids.append(flow_run.id)
            crashing()

        error = raised(around).split(":")[0]
        facts.append({"error": error, "states": states_of(ids[0]), "tasks": tasks_of(ids[0], 1)})
    return facts


@scenario
def a_task_crashes_its_flow():
    ids = []

    @task
    def aborts():
        raise KeyboardInterrupt

    @flow
    def holds():
        ids.append(flow_run.id)
        aborts()

    error = raised(holds).split(":")[0]
    return {"error": error, "states": states_of(ids[0]), "tasks": tasks_of(ids[0], 1)}


@scenario
def flows_and_tasks_time_out():
    @flow(timeout_seconds=0.2)
    def slow():
        time.sleep(5)

    @flow(timeout_seconds=0.2)
    async def slow_async():
        await asyncio.sleep(5)

    @task(timeout_seconds=0.2)
    def slow_task():
        time.sleep(5)

    @flow
    def holds_a_slow_task():
        slow_task()

    state = asyncio.run(slow_async(return_state=True))
    return [ran(slow), states_of(state.state_details.flow_run_id), ran(holds_a_slow_task, tasks=1)]


@scenario
def a_flow_fails_before_it_starts_when_its_parameters_are_wrong():
    @flow
    def wants(n: int):
        return n

    state = wants("x", return_state=True)
    return {"message": state.message.split("\n")[0], "states": len(states_of(state.state_details.flow_run_id))}


@scenario
def what_follows_a_failed_task_is_not_ready():
    @flow
    def chain():
        first = broken.submit()
        second = add.submit(first, 1)
        third = add.submit(second, 2)
        waits = number.submit(3, wait_for=[third])
        allowed = number.submit(4, wait_for=[allow_failure(first)])
        waits.wait()
        return allowed

    return ran(chain, tasks=5)


@scenario
def tasks_are_mapped():
    @flow
    def maps():
        numbers = number.map([1, 2, 3])
        sums = add.map(numbers, unmapped(10))
        return sums.result()

    @flow
    def maps_badly():
        add.map([1, 2], [1, 2, 3]).result()

    return [ran(maps, tasks=6), ran(maps_badly)]


@scenario
def subflows_end_and_so_do_the_task_runs_that_stand_for_them():
    @flow
    def child(n: int):
        if n < 0:
            raise ValueError(f"{n} is negative")
        return number(n)

    @flow
    def parent():
        return child(1) + child(number(2))

    @flow
    def parent_of_a_failure():
        child(-1)

    @flow
    def parent_that_goes_on():
        return child(-1, return_state=True).is_failed()

    return [ran(parent, tasks=3), ran(parent_of_a_failure, tasks=1), ran(parent_that_goes_on, tasks=1)]


@scenario
def names_and_tags_of_runs():
    @task(task_run_name="number {n}", tags=["c"])
    def named(n: int):
        return n

    @flow(flow_run_name="run of {n}", description="Says its name.")
    def tagged(n: int):
        named(n)
        named.with_options(tags=["d"])(n + 1)
        return flow_run.name, sorted(flow_run.tags)

    from prefect import tags

    with tags("a", "b"):
        state = tagged(7, return_state=True)
    return {"result": state.result(), "tasks": tasks_of(state.state_details.flow_run_id, 2)}


@scenario
def logs_are_kept_in_order():
    from facts import api, eventually

    @task
    def talks():
        get_run_logger().warning("from the task")

    @flow(log_prints=True, flow_run_name="told")
    def tells():
        print("printed")
        get_run_logger().info("from the flow")
        talks()

    state = tells(return_state=True)
    wanted = {"logs": {"flow_run_id": {"any_": [str(state.state_details.flow_run_id)]}}, "sort": "TIMESTAMP_ASC"}
    logs = eventually("all logs", lambda: (found := api("POST", "/logs/filter", **wanted)) and len(found) >= 6 and found)
    return [[log["level"], log["name"], log["task_run_id"] is not None, log["message"]] for log in logs]


@scenario
def a_cancelled_task_ends_its_flow():
    @task
    def gives_up():
        return Cancelled(message="given up")

    @flow
    def holds():
        return tell(gives_up(return_state=True))

    @flow
    def returns_it():
        return gives_up(return_state=True)

    return [ran(holds, tasks=1), ran(returns_it, tasks=1)]


if __name__ == "__main__":
    main()
