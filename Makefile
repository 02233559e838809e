# Every target sets up what it needs; `make help` lists them.
TOOLCHAIN := sandbox/toolchain/toolchain
RUN := $(TOOLCHAIN) run --
BUILT := dist/.built
LINTED := node_modules/.cache

.DEFAULT_GOAL := help
.PHONY: help up down local local-down status env check test bench report preview policies docs recover preflight record changed destroy blend matrix build clean

help: ## Lists the targets
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

up: build ## Starts the embedded OpenStack and deploys the stack `sandbox` on it
	@$(RUN) node dist/tools/sandbox/main.js up

down: build ## Destroys the stack, stops the sandbox and shows that nothing is left
	@$(RUN) node dist/tools/sandbox/main.js down

local: build ## Deploys the stack `local`: containers on this machine's Docker
	@$(TOOLCHAIN) ensure docker
	@$(RUN) node dist/tools/local/main.js up

local-down: build ## Destroys the stack `local`
	@$(RUN) node dist/tools/local/main.js down

status: build ## Says what of the sandbox and the stack is there
	@$(RUN) node dist/tools/sandbox/main.js status

env: build ## Prints shell exports for using `pulumi` and `openstack` on the sandbox by hand
	@$(RUN) node dist/tools/sandbox/main.js env

check: build ## Types, lint, format, generated files, unit tests: under a minute
	@$(RUN) npx eslint . --max-warnings 0 --cache --cache-strategy content --cache-location $(LINTED)/eslint
	@$(RUN) npx prettier --check . --log-level warn --cache
	@$(RUN) node dist/tools/config-reference/main.js --check
	@$(RUN) node dist/tools/component-reference/main.js --check
	@$(RUN) npx vitest run --project unit

test: check ## Every test: `check`, then the real engine on embedded OpenStacks
	@$(TOOLCHAIN) ensure docker etcd kubernetes kubernetes-test-plugin kwok language-python language-yaml
	@$(RUN) npx vitest run --project '!unit'

bench: build ## A line a figure: name, ours, peer, ratio
	@$(TOOLCHAIN) ensure tofu tofu-openstack
	@$(RUN) node dist/bench/main.js
	@$(RUN) node dist/bench/mesh.js
	@$(RUN) node dist/bench/report.js
	@$(RUN) node dist/bench/messaging/main.js

preview: build ## Previews every shipped stack without a cloud
	@$(RUN) node dist/tools/preview/main.js

policies: build ## Judges every shipped stack by the policy pack, without a cloud; one of them: `make policies STACK=…`
	@$(RUN) node dist/tools/policies/main.js $(STACK) $(FLAGS)

docs: build ## Writes the generated parts of docs/
	@$(RUN) node dist/tools/config-reference/main.js
	@$(RUN) node dist/tools/component-reference/main.js
	@$(RUN) node dist/tools/package-schema/main.js
	@$(RUN) node dist/tools/topology/main.js --docs

recover: build ## Brings back a stack whose update was killed: `make recover STACK=…`
	@$(RUN) node dist/tools/recover/main.js $(STACK)

preflight: build ## Compares a stack's needs with its project's quotas: `make preflight STACK=…`
	@$(RUN) node dist/tools/preflight/main.js $(STACK) $(FLAGS)

record: build ## Records what previews of a stack ask of its cloud, for CI without credentials: `make record STACK=…`
	@$(RUN) node dist/tools/record/main.js $(STACK) $(FLAGS)

changed: build ## Lists the stacks that a change concerns, with the reasons: `make changed BASE=origin/main`
	@$(RUN) node dist/tools/changed/main.js --base $(BASE) $(FLAGS)

report: build ## Sums up what a stack's preview would replace, delete and change: `make report STACK=…`, FLAGS="--html report.html"
	@$(RUN) node dist/tools/report/main.js $(STACK) $(FLAGS)

destroy: build ## Shows what a stack's clusters left; `FLAGS="--yes --then-destroy"` removes it, and the stack: `make destroy STACK=…`
	@$(RUN) node dist/tools/orphans/main.js $(STACK) $(FLAGS)

blend: build ## Load and promises of messaging backends: `make blend FLAGS="load --stack …"`; without FLAGS, its help
	@$(RUN) node dist/tools/blend/main.js $(or $(FLAGS),--help)

matrix: build ## Every messaging backend that this machine can start: load, promises; FLAGS="--html matrix.html"
	@$(RUN) node dist/bench/messaging/main.js $(FLAGS)

build: $(BUILT) ## Compiles the programs

$(BUILT): node_modules/.package-lock.json tsconfig.json $(shell find stacks components plugin policies tools test bench -name '*.ts' -o -name '*.json' -path 'components/*' 2>/dev/null)
	@$(RUN) npx tsc -b
	@touch $@

node_modules/.package-lock.json: package.json package-lock.json $(shell find sandbox/toolchain -type f -not -path '*/__pycache__/*' -not -name '*.md' 2>/dev/null)
	@$(TOOLCHAIN) ensure
	@$(RUN) npm ci --no-audit --no-fund --loglevel=error
	@touch $@

clean: ## Removes what was built and installed; keeps sandboxes, states and caches
	@rm -rf dist node_modules
