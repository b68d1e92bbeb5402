import os
import time

from prefect import flow


@flow(log_prints=True)
def sleeping() -> None:
    print(f"sleeping in process {os.getpid()}.")
    time.sleep(600)
