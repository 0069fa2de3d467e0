"""Fixtures of the whole suite; each kind of real server has its module in tests/fixtures."""

from __future__ import annotations

import os

for name in [name for name in os.environ if name.startswith("SOHOA_")]:
    del os.environ[name]

pytest_plugins = [
    "tests.fixtures.database",
    "tests.fixtures.ecm",
    "tests.fixtures.papers",
    "tests.fixtures.pki",
    "tests.fixtures.workplaces",
    "tests.fixtures.pipelines",
    "tests.fixtures.desks",
    "tests.fixtures.soap",
    "tests.fixtures.installation",
]
