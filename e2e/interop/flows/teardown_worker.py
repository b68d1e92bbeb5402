"""A process worker that can also take down what another worker started."""

import asyncio
import os
import signal

from prefect.workers.process import ProcessWorker


class TeardownWorker(ProcessWorker):
    type = "process"

    async def kill_infrastructure(self, infrastructure_pid, configuration, grace_seconds=30):
        pid = int(infrastructure_pid.rpartition(":")[2])
        os.kill(pid, signal.SIGKILL)
        print(f"took down process {pid}", flush=True)


async def main():
    async with TeardownWorker(work_pool_name="pool") as worker:
        await worker.start()


if __name__ == "__main__":
    asyncio.run(main())
