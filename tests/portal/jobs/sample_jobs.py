"""Jobs that leave a trace, for the tests of the worker."""

import threading

from portal.jobs.retries import job

ran = []
started = threading.Event()
release = threading.Event()


@job
def note(word):
    ran.append(word)


@job(attempts=3, backoff=2, retry_on=(ValueError,))
def fail_until(word, good):
    ran.append(word)
    if ran.count(word) < good:
        raise ValueError(word)


@job(retry_on=(ValueError,))
def fail_otherwise():
    ran.append("otherwise")
    raise KeyError("otherwise")


@job
def wait():
    started.set()
    release.wait(10)
    ran.append("waited")
