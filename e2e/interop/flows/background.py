"""A background task: `serve` runs what others delay."""

import sys

from prefect import task


@task(persist_result=True)
def double(number: int) -> int:
    if number < 0:
        raise ValueError("negative")
    return 2 * number


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        double.serve()
    elif sys.argv[1] == "leave":
        for number in (4, 5, 6):
            double.delay(number)
    else:
        futures = [double.delay(number) for number in (1, 2, 3)]
        for future in futures:
            future.wait(timeout=60)
        print("doubled", sorted(future.result() for future in futures))
        failed = double.delay(-1)
        failed.wait(timeout=60)
        print("failed", failed.state.type.value)
