"""Build a tool from its Go modules at the versions that go.mod and go.sum pin."""

import os
import shutil
from pathlib import Path

from . import spec
from .errors import UserError
from .process import run
from .progress import Progress

LISTED = "package: "
INSTALLER = "or install Pulumi with its own installer: what is on PATH is used"


def fill(tool: spec.Tool, target: Path) -> None:
    """Build into target, which becomes final by a rename."""
    if not shutil.which("go"):
        raise UserError(f"{tool.name}: building it needs `go`, which is not on PATH", f"install Go, {INSTALLER}")
    progress = Progress(tool.name)
    try:
        for binary in tool.binaries:
            _build(tool, binary, target / "bin" / binary.name, progress)
        for name in spec.LINKS.get(tool.name, ()):
            (target / "bin" / name).symlink_to(tool.binaries[0].name)
        for script in tool.scripts:
            _copy_script(tool, script, target / "bin")
    except UserError as error:
        error.fix = error.fix or _advice(error.output)
        raise UserError(f"{tool.name}: {error}", error.fix, error.output) from None
    finally:
        progress.clear()


def _environment() -> dict[str, str]:
    # Without cgo no C compiler is needed, and every machine builds the same.
    return {**os.environ, "CGO_ENABLED": "0", "GOWORK": "off", "GOFLAGS": "-mod=readonly"}


def _build(tool: spec.Tool, binary: spec.Binary, output: Path, progress: Progress) -> None:
    modules = 0
    tags = ["-tags", spec.TAGS[tool.source]] if tool.source in spec.TAGS else []

    def downloading(line: str) -> None:
        nonlocal modules
        modules += line.startswith("go: downloading")

    listed = run(
        ["go", "list", "-deps", *tags, "-f", LISTED + "{{.ImportPath}}", binary.package],
        cwd=tool.directory,
        env=_environment(),
        on_line=downloading,
        on_tick=lambda: progress.update(f"fetching modules: {modules} so far"),
        noise=LISTED,
    )
    total = sum(line.startswith(LISTED) for line in listed)
    compiled = 0

    def built(line: str) -> None:
        nonlocal compiled
        compiled += not line.startswith("go: ")

    run(
        ["go", "build", "-v", "-trimpath", "-buildvcs=false", "-ldflags", f"-s -w {binary.ldflags}".strip()]
        + [*tags, "-o", str(output), binary.package],
        cwd=tool.directory,
        env=_environment(),
        on_line=built,
        on_tick=lambda: progress.update(f"compiling {binary.name}: {compiled} of at most {total} packages"),
    )


def _copy_script(tool: spec.Tool, script: str, target: Path) -> None:
    [module] = run(["go", "list", "-m", "-f", "{{.Dir}}", spec.SDK], cwd=tool.directory, env=_environment())
    copied = Path(shutil.copy(Path(module) / script, target))
    copied.chmod(0o755)


def _advice(output: str) -> str:
    if "requires go >=" in output:
        return f"install the Go version that the last lines name, {INSTALLER}"
    if "no space left" in output:
        return "free some 6 GB for Go's module and build caches (`go env GOMODCACHE GOCACHE`)"
    if any(word in output for word in ("dial tcp", "lookup", "Forbidden", "Not Found", "i/o timeout", "proxyconnect")):
        return f"let Go reach a module proxy (`go env GOPROXY`), {INSTALLER}"
    return "run `toolchain ensure` again; if it fails the same way, the last lines say why"
