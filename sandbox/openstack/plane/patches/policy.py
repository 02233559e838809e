"""oslo.policy without its work per check: it looks for changed policy files, and inspects the
checks' signatures.

Both together are a fifth of what a short request costs; policies do not change while a sandbox
runs.
"""

import inspect
from collections.abc import Callable
from functools import lru_cache
from types import SimpleNamespace

from oslo_policy import _checks, policy


def apply() -> None:
    load = policy.Enforcer.load_rules

    def load_rules(self: policy.Enforcer, force_reload: bool = False) -> None:
        state = (id(self.rules), len(self.rules), len(self.registered_rules))
        if force_reload or getattr(self, "_sandbox_loaded", None) != state:
            load(self, force_reload)
            self._sandbox_loaded = (id(self.rules), len(self.rules), len(self.registered_rules))

    policy.Enforcer.load_rules = load_rules
    inspected = lru_cache(maxsize=None)(inspect.getfullargspec)

    def getfullargspec(function: Callable[..., object]) -> inspect.FullArgSpec:
        return inspected(getattr(function, "__func__", function))

    _checks.inspect = SimpleNamespace(getfullargspec=getfullargspec)
