"""Nothing of the pages of one build stays in a process that goes on to the next."""

from __future__ import annotations

import functools
import sys
from pathlib import Path

from storyledger import pipeline
from storyledger.caching import forget_answers, keep_answers
from storyledger.settings import Settings
from storyledger.store import Ledger

PAGE = (
    "Old bridge closed in Quillan\n\nBy Ines Halloran\n4 June 2020\n\nThe town council of Quillan closed the bridge on "
    "Thursday, Mayor Dana Wolfe said. “We could not wait any longer,” she told reporters. About 4,000 cars cross it.\n"
)
FIXED = 2_000  # answers of a cache without a bound: of what the package has, never of what a page says


def test_an_answer_is_kept_until_all_are_forgotten() -> None:
    asked = []

    @keep_answers(2)
    def double(number: int) -> int:
        asked.append(number)
        return 2 * number

    assert [double(n) for n in (1, 1, 2, 3, 1)] == [2, 2, 4, 6, 2]
    assert asked == [1, 2, 3, 1]  # the first went when the third came
    forget_answers()
    assert double(1) == 2
    assert asked == [1, 2, 3, 1, 1]


def list_caches() -> list[functools._lru_cache_wrapper]:
    """Return the caches of the loaded modules; ``gc`` has none of those that an earlier test of this process froze."""
    modules = [module for name, module in sorted(sys.modules.items()) if name.startswith("storyledger.")]
    classes = [found for module in modules for found in vars(module).values() if isinstance(found, type)]
    found = {id(x): x for place in (*modules, *classes) for x in vars(place).values()}
    caches = (x for x in found.values() if type(x) is functools._lru_cache_wrapper)
    return [x for x in caches if x.__module__.startswith("storyledger.")]


def test_no_cache_keeps_anything_of_the_pages_of_a_build(tmp_path: Path) -> None:
    for cached in list_caches():
        cached.cache_clear()  # what other tests left
    (tmp_path / "page.txt").write_text(PAGE, encoding="utf-8")
    with Ledger.create(tmp_path / "story.db") as ledger:
        pipeline.build_story([str(tmp_path / "page.txt")], ledger, Settings(workers=1))
    caches = list_caches()
    assert len(caches) > 50
    full = {}
    for cached in caches:
        size, most = cached.cache_info().currsize, cached.cache_info().maxsize
        if size > (FIXED if most is None else 1):
            full[f"{cached.__module__}.{cached.__qualname__}"] = size
    assert full == {}
