"""How other processes start: for the pages' blocks, and for what shares the rest of a build."""

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from types import ModuleType
from typing import TYPE_CHECKING, Any

from lecture_code.publish.blocks import child

if TYPE_CHECKING:
    from multiprocessing.context import ForkServerContext, SpawnContext

_STARTING = threading.Lock()


class Workers(ProcessPoolExecutor):
    """A process for each processor, started when there is work for them."""

    def __init__(self) -> None:
        super().__init__(processors(), mp_context=context(), initializer=child.end_with_builder)

    def __exit__(self, *raised: Any) -> None:
        """End without what was not begun, if something was raised."""
        self.shutdown(cancel_futures=any(raised))

    def submit(self, function: Callable, /, *arguments: Any, **more: Any) -> Future:
        """Hand work over.

        Args:
            function: a function of a module.
            *arguments: what it is called with.
            **more: what else it is called with.

        Returns:
            What will hold its result.
        """
        with no_main_module():
            return super().submit(function, *arguments, **more)


def processors() -> int:
    """How many processors this process may use.

    Returns:
        At least 1.
    """
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def context() -> "SpawnContext | ForkServerContext":
    """How processes start: forked from one that has the large imports, where that is safe.

    Returns:
        A context of `multiprocessing`.
    """
    if sys.platform != "linux":
        return multiprocessing.get_context("spawn")
    found = multiprocessing.get_context("forkserver")
    found.set_forkserver_preload(list(child.PRELOADED))
    return found


def end_server() -> None:
    """End the process that others are forked from, which clears away its imports for a second.

    Whoever waits until nothing more is printed waits for it. The library has no way to ask for it;
    when it is needed again, it starts another one.
    """
    if server := sys.modules.get("multiprocessing.forkserver"):
        if pid := server._forkserver._forkserver_pid:
            os.kill(pid, signal.SIGKILL)


@contextlib.contextmanager
def no_main_module() -> Iterator[None]:
    """While a process is started: it would import the main module, all of the builder.

    Yields:
        When no other thread does the same.
    """
    with _STARTING:
        main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            yield
        finally:
            sys.modules["__main__"] = main
