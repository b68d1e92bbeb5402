"""Runs that end in every way a flow can end by itself."""

from prefect import flow, task
from prefect.states import Cancelled

attempts = 0


@task(retries=2, retry_delay_seconds=[0, 0.1])
def third_time() -> str:
    global attempts
    attempts += 1
    if attempts < 3:
        raise ValueError("not yet")
    return "done"


@task
def fails() -> None:
    raise RuntimeError("broken")


@flow
def child(n: int) -> int:
    return n * 2


@flow
def completes() -> int:
    third_time()
    return child(21)


@flow(retries=1, retry_delay_seconds=0)
def fails_twice() -> None:
    fails()


@flow(timeout_seconds=0.5)
def times_out() -> None:
    import time

    time.sleep(5)


@flow
def ends_cancelled():
    return Cancelled(message="by hand")


if __name__ == "__main__":
    for run in (completes, fails_twice, times_out, ends_cancelled):
        print(run.name, run(return_state=True).name)
