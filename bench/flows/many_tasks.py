import sys

from prefect import flow, task


@task
def add_one(n: int) -> int:
    return n + 1


@flow
def many_tasks(count: int) -> int:
    return len(add_one.map(range(count)).result())


if __name__ == "__main__":
    many_tasks(int(sys.argv[1]))
