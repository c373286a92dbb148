"""The same stages on a Ray cluster: ``build --engine ray`` (the extra ``ray``). This module must not know any stage.

Values and results travel pickled, as they do between processes: what Ray hands out by itself are read-only views
into its store, and a stage that writes into an array of its own would work on one engine and fail on the other.

A cluster that is already there is taken from the environment variable ``RAY_ADDRESS``, as Ray has it. Without one, one
is started on this machine, and nothing of it leaves: see ``_keep_quiet`` for what Ray 2.60.0 does by itself.
"""

from __future__ import annotations

import logging
import os
import pickle
import shutil
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any, Self

from storyledger.engine import UNDER_WAY, K, R, V, group_values
from storyledger.errors import EnvironmentFault, UsageError

RETRIES = 2  # a worker that dies costs a retry; a value at which three have died is given up
_ADDRESS = "RAY_ADDRESS"
_STORE_BYTES = 256 << 20  # a few readings a worker are under way; Ray's own choice is a third of the memory


class RayEngine:
    """Tasks on a Ray cluster; functions and values must be picklable. Use as a context manager."""

    def __init__(self, workers: int) -> None:
        """Join the cluster at ``RAY_ADDRESS``, or start one with ``workers`` processes on this machine.

        Raises:
            UsageError: Ray is not installed.
            EnvironmentFault: no cluster answers, or none could be started.
        """
        if find_spec("ray") is None:
            raise UsageError("E-RAY-LIBRARY", "--engine ray needs `ray`", "pip install 'storyledger[ray]'")
        self._folder = Path(tempfile.mkdtemp(prefix="storyledger-ray-"))
        self._before = dict(os.environ)
        joined = os.environ.get(_ADDRESS)
        try:
            _keep_quiet(self._folder, alone=joined is None)
            self._ray = _import_ray()
            self._errors = self._ray.exceptions
            self._ray.init(**(_joining() if joined else _starting(workers, self._folder)))
            self._slots = max(1, int(self._ray.cluster_resources().get("CPU", workers)))
        except Exception as error:
            self._leave()
            where = f"at {_ADDRESS}={joined}" if joined else "on this machine"
            advice = "see that the cluster runs and has this version of storyledger, or build without --engine ray"
            raise EnvironmentFault("E-RAY-START", f"no Ray cluster {where}: {error}", advice) from error
        self._task = self._ray.remote(max_retries=RETRIES, num_cpus=1)(_apply)

    def __enter__(self) -> Self:
        """Return the engine itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Leave the cluster; one that was started here ends."""
        self._leave()

    def map_values(self, function: Callable[[V], R], values: Iterable[V], lost: R | None = None) -> Iterator[R]:
        """Yield ``function(value)`` for each value, in the order of the values.

        A few values a processor are under way at once: all of a pile's pages would not fit into memory. A task whose
        worker dies is done again elsewhere; ``lost`` stands for the result of a value at which several died.
        """
        packed = self._ray.put(pickle.dumps(function))
        under_way: deque[Any] = deque()
        for value in values:
            under_way.append(self._task.remote(packed, pickle.dumps(value)))
            if len(under_way) >= self._slots * UNDER_WAY:
                yield self._take(under_way.popleft(), lost)
        while under_way:
            yield self._take(under_way.popleft(), lost)

    def reduce_groups(
        self, key: Callable[[V], K], function: Callable[[K, list[V]], R], values: Iterable[V]
    ) -> Iterator[R]:
        """Yield ``function(key, group)`` for each key, in order of first appearance."""
        return self.map_values(_Group(function), group_values(key, values).items())

    def _take(self, handle: Any, lost: R | None) -> R:
        try:
            result: R = pickle.loads(self._ray.get(handle))  # noqa: S301 - what our own task packed
        except self._errors.RayTaskError as error:  # the function's own error, as any engine raises it
            raise error.cause from None
        except self._errors.RayError:
            if lost is None:
                raise
            return lost
        return result

    def _leave(self) -> None:
        with suppress(AttributeError, NameError):
            self._ray.shutdown()
        _restore(self._before)
        shutil.rmtree(self._folder, ignore_errors=True)


class _Group:
    """A function of a key and its group, as a function of one value."""

    def __init__(self, function: Callable[[Any, list[Any]], Any]) -> None:
        self._function = function

    def __call__(self, item: tuple[Any, list[Any]]) -> Any:
        return self._function(*item)


def _apply(function: bytes, value: bytes) -> bytes:
    """Do one value's work, in a worker."""
    return pickle.dumps(pickle.loads(function)(pickle.loads(value)))  # noqa: S301 - what the engine packed


def _import_ray() -> ModuleType:
    """Return Ray; imported after ``_keep_quiet``, since it reads its settings when it is imported.

    What it says of its start and of its workers' deaths is no part of ours: it prints the latter on standard output,
    into the midst of ``--json``, whatever ``log_to_driver`` says (2.60.0). A page that costs workers is told as lost.
    """
    import ray  # noqa: PLC0415
    import ray._private.worker  # noqa: PLC0415

    logging.getLogger("ray").setLevel(logging.ERROR)
    ray._private.worker.print_to_stdstream = lambda *_, **__: None  # noqa: SLF001
    return ray


def _keep_quiet(folder: Path, *, alone: bool) -> None:
    """Switch off all that Ray would send, look for or leave behind, as far as it can be switched off.

    Seen with a system-call trace of Ray 2.60.0, on a start with usage reports off: it finds its own address by a
    socket towards a public name server; its dashboard process, started even where no dashboard is wanted, asks a
    cloud's metadata address which cloud it is, unless the home folder says (``ray_bootstrap_config.yaml``); and a key
    for its cluster is left in the home folder. So a cluster of our own gets loopback and a home that ends with it.
    """
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    os.environ["RAY_USAGE_STATS_PROMPT_ENABLED"] = "0"
    if not alone:
        return
    os.environ["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] = "0"  # the name says otherwise: on Linux 0 means loopback
    os.environ["HOME"] = str(folder)
    (folder / "ray_bootstrap_config.yaml").write_text("{}\n", encoding="utf-8")


def _starting(workers: int, folder: Path) -> dict[str, Any]:
    return {
        "num_cpus": workers,
        "num_gpus": 0,
        "object_store_memory": _STORE_BYTES,
        "include_dashboard": False,
        "_node_ip_address": "127.0.0.1",
        "_temp_dir": str(folder),
        **_joining(),
    }


def _joining() -> dict[str, Any]:
    return {"log_to_driver": False, "configure_logging": False}


def _restore(environment: Mapping[str, str]) -> None:
    for name in set(os.environ) - set(environment):
        del os.environ[name]
    os.environ.update(environment)
