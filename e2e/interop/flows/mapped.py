from prefect import flow, task


@task
def add(a: int, b: int) -> int:
    return a + b


@flow(log_prints=True)
def mapped(n: int = 100) -> None:
    print("sum", sum(future.result() for future in add.map(range(n), 1)))


if __name__ == "__main__":
    mapped()
