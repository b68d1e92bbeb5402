"""Runs that are tried again, and results that are found again."""

import tempfile
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from facts import main, raised, read_run, scenario, states_of, tasks_of, tell
from prefect import flow, task
from prefect.cache_policies import INPUTS, NO_CACHE, TASK_SOURCE
from prefect.filesystems import LocalFileSystem
from prefect.futures import wait
from prefect.tasks import exponential_backoff
from prefect.transactions import transaction

NEW = str(uuid4())


def ran(function, *args, tasks: int = 0, **kwargs):
    state = function(*args, return_state=True, **kwargs)
    id = state.state_details.flow_run_id
    run = read_run(id)
    policy = run.empirical_policy
    facts = {
        "states": states_of(id),
        "run_count": run.run_count,
        "policy": [policy.retries, policy.retry_delay, policy.retry_type],
    }
    if tasks:
        facts["tasks"] = tasks_of(id, tasks)
    return facts


def failing(times: int):
    """Fails so often, then succeeds."""
    left = [times]

    def attempt():
        if left[0] > 0:
            left[0] -= 1
            raise ValueError(f"{left[0]} to come")
        return "done"

    return attempt


@scenario
def a_flow_is_tried_again_until_it_succeeds():
    attempt = failing(2)

    @flow(retries=3, retry_delay_seconds=0.1)
    def tries():
        return attempt()

    return ran(tries)


@scenario
def a_flow_fails_after_its_last_retry():
    attempt = failing(5)

    @flow(retries=1, retry_delay_seconds=0)
    def tries():
        return attempt()

    return ran(tries)


@scenario
def a_task_is_tried_again_with_delays():
    attempts = failing(2), failing(1), failing(1), failing(9)

    @flow
    def tries():
        results = []
        for attempt, options in zip(
            attempts,
            [
                {"name": "listed", "retries": 2, "retry_delay_seconds": [0, 0.1]},
                {"name": "growing", "retries": 2, "retry_delay_seconds": exponential_backoff(0.1)},
                {"name": "jittered", "retries": 1, "retry_delay_seconds": 0.1, "retry_jitter_factor": 0.5},
                {"name": "hopeless", "retries": 2, "retry_delay_seconds": 0},
            ],
            strict=True,
        ):
            results.append(tell(task(attempt, **options)(return_state=True)))
        return results

    return ran(tries, tasks=4)


@scenario
def a_condition_decides_on_retries():
    def is_worth_it(task, run, state):
        try:
            state.result()
        except KeyError:
            return True
        except ValueError:
            return False
        return True

    attempt = failing(3)

    @task(retries=3, retry_condition_fn=is_worth_it)
    def refused():
        return attempt()

    @flow
    def tries():
        return tell(refused(return_state=True))

    return ran(tries, tasks=1)


@scenario
def a_flow_that_is_tried_again_does_its_failed_tasks_again():
    attempt = failing(1)

    @task(persist_result=True)
    def once():
        return 1

    @task
    def twice():
        return 2

    @flow
    def child():
        return twice()

    @flow(retries=1)
    def tries():
        once()
        twice()
        child()
        task(attempt, name="attempt")()

    return ran(tries, tasks=7)


@scenario
def a_result_is_found_again():
    @task(cache_policy=INPUTS, persist_result=True)
    def squared(n: int, salt: str):
        return n * n

    @task(cache_key_fn=lambda context, parameters: f"mine {NEW}", persist_result=True, cache_expiration=timedelta(hours=1))
    def by_key():
        return "by key"

    @task(cache_policy=NO_CACHE, persist_result=True)
    def never():
        return "never"

    @task(cache_policy=TASK_SOURCE + INPUTS, persist_result=True, refresh_cache=True)
    def fresh(n: int):
        return n

    @task(
        cache_key_fn=lambda context, parameters: f"short {NEW}",
        persist_result=True,
        cache_expiration=timedelta(microseconds=1),
    )
    def expires():
        return 1

    @flow
    def uses():
        return [squared(4, NEW), by_key(), never(), fresh(5), expires()]

    first, second = ran(uses, tasks=5), ran(uses, tasks=5)
    return {"first": first, "second": second}


@scenario
def a_result_is_found_again_in_a_run():
    @task(persist_result=True)
    def default(n: int):
        return n

    @flow
    def uses():
        return [default(1), default(1), default(2)]

    return ran(uses, tasks=3)


@scenario
def results_are_read_by_another_client():
    folder = Path(tempfile.mkdtemp())
    storage = LocalFileSystem(basepath=folder)
    storage.save("parity-results", overwrite=True)

    @flow(persist_result=True, result_storage=storage, result_serializer="json")
    def gives(n: int):
        return {"n": n}

    state = gives(3, return_state=True)
    read = read_run(state.state_details.flow_run_id).state
    return {"result": read.result(), "data": sorted(read.data.model_dump(exclude_none=True)), "states": tell(read)}


@scenario
def transactions_commit_or_roll_back():
    told = []

    @task(persist_result=True)
    def writes(name: str):
        return name

    @writes.on_rollback
    def undo(transaction):
        told.append("rolled back")

    @writes.on_commit
    def keep(transaction):
        told.append("committed")

    @flow
    def works():
        with transaction():
            writes("a")

    @flow
    def fails():
        with transaction():
            writes("b")
            raise RuntimeError("after the write")

    return [ran(works, tasks=1), ran(fails, tasks=1), told]


@scenario
def futures_are_awaited_and_resolved():
    @task
    def one(n: int):
        return n

    @flow
    def waits():
        futures = one.map([1, 2, 3])
        done = wait(futures)
        return sorted(future.result() for future in done.done), len(done.not_done)

    @flow
    def raises():
        @task
        def bad():
            raise KeyError("gone")

        return raised(bad.submit().result)

    return [waits(), raises(), ran(waits, tasks=3)]


if __name__ == "__main__":
    main()
