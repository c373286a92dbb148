"""What every test shares: where the open data and the piles are, and skipping where they are not."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# how fast Hypothesis draws texts hangs on what else the machine does, and its first draw reads the character tables
settings.register_profile("storyledger", suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("storyledger")

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of seeds, piles and data beside the checkout; the test skips where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("../shared is absent: this test reads open data from it")
    return SHARED


@pytest.fixture(scope="session")
def ferry(shared: Path) -> Path:
    """The made-up ferry pile with its gold."""
    return shared / "piles" / "ferry"
