"""One module a project: `main` starts its API and its workers in this process, and serves until it
is ended."""
