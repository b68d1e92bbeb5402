"""Holds a slot of a limit until a file appears."""

import sys
import time
from pathlib import Path

from prefect.concurrency.sync import concurrency

with concurrency("shared"):
    print("holding", flush=True)
    while not Path(sys.argv[1]).exists():
        time.sleep(0.05)
