"""Errors a user can act on: shown without a stack."""


class UserError(Exception):
    """What failed, and how to fix it."""

    def __init__(self, message: str, fix: str = "", output: str = ""):
        super().__init__(message)
        self.fix = fix
        self.output = output

    def render(self) -> str:
        lines = [f"toolchain: {self}"]
        if self.output:
            lines += ["  last lines of its output:"]
            lines += [f"    {line}" for line in self.output.splitlines()[-15:]]
        if self.fix:
            lines += [f"  fix: {self.fix}"]
        return "\n".join(lines)
