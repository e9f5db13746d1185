"""Waiting for a round of tagging anew that runs beside a test."""

import threading

from api.taxonomies.retagging import THREAD as RETAGGING


def join_retagging() -> None:
    for thread in threading.enumerate():
        if thread.name == RETAGGING:
            thread.join()
