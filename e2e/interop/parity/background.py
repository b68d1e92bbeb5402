"""Tasks that a worker runs, apart from any flow."""

from uuid import UUID

from elsewhere import start
from facts import eventually, has_ended, main, raised, scenario, task_facts, client
from prefect import task
from prefect.cache_policies import INPUTS
from prefect.futures import PrefectDistributedFuture


@task(persist_result=True)
def double(number: int) -> int:
    return 2 * number


@task(persist_result=True)
def total(numbers: list[int]) -> int:
    return sum(numbers)


@task
def breaks() -> None:
    raise ValueError("broken")


@task(retries=2, retry_delay_seconds=0, persist_result=True)
def recovers() -> int:
    from prefect.runtime import task_run

    if task_run.run_count < 2:
        raise ValueError("not yet")
    return task_run.run_count


@task(cache_policy=INPUTS, persist_result=True)
def remembered(number: int) -> int:
    return number


@task(persist_result=True)
def outer(number: int) -> int:
    return double(number) + double(number)


TASKS = (double, total, breaks, recovers, remembered, outer)


def work() -> None:
    from prefect.task_worker import serve

    serve(*TASKS, limit=4)


def facts_of(id: UUID) -> dict:
    def look():
        run = client().read_task_run(id)
        return run if has_ended(run.state) else None

    return task_facts(eventually(f"{id} has ended", look))


def wait_for(future: PrefectDistributedFuture, seconds: float = 60) -> None:
    """Waits; for a moment the reference shows a run without a state, which a future does not take."""

    def waited() -> bool:
        try:
            future.wait(timeout=seconds)
        except RuntimeError as error:
            if "has no state" in str(error):
                return False
            raise
        return True

    eventually(f"{future.task_run_id} has a state", waited)


@scenario
def a_worker_runs_what_others_delay():
    worker = start("background:work")
    try:
        worker.says("Subscribing to")
        future = double.delay(21)
        wait_for(future)
        mapped = double.map([1, 2, 3], deferred=True)
        for each in mapped:
            wait_for(each)
        after = double.apply_async((5,), wait_for=[future])
        wait_for(after)
        failed = breaks.delay()
        wait_for(failed)
        recovered = recovers.delay()
        wait_for(recovered)
        first = remembered.delay(7)
        facts_of(first.task_run_id)
        second = remembered.delay(7)
        # Waiting does not see runs that end Cached.
        remembered_facts = facts_of(second.task_run_id)
        for each in (first, second):
            wait_for(each, 1)
        nested = outer.delay(2)
        wait_for(nested)
        given = double.apply_async((8,))
        wait_for(given)
        return {
            "one": [future.result(), facts_of(future.task_run_id)],
            "mapped": [each.result() for each in mapped],
            "after another": [after.result(), facts_of(after.task_run_id)],
            "failed": [raised(failed.result), facts_of(failed.task_run_id)],
            "recovered": [recovered.result(), facts_of(recovered.task_run_id)],
            "remembered": [first.result(), second.result(), remembered_facts],
            "nested": [nested.result(), facts_of(nested.task_run_id)],
            "applied": given.result(),
        }
    finally:
        worker.stop()


@scenario
def tasks_wait_for_their_worker():
    futures = [total.delay([n, n]) for n in (1, 2, 3)]
    before = [client().read_task_run(future.task_run_id).state_name for future in futures]
    worker = start("background:work")
    try:
        for future in futures:
            wait_for(future)
        return {"before": before, "after": [future.result() for future in futures]}
    finally:
        worker.stop()


if __name__ == "__main__":
    main()
