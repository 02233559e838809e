import { PORTS } from "../../servers/ports";

/** Where the members' data lies. */
export const RABBITMQ_DATA = "/var/lib/rabbitmq";

/** Seconds for which a good answer stands while the daemon was not restarted: RabbitMQ's tools start a virtual machine. */
const GOOD_FOR = 45;

export interface BrokerCheckInput {
  hostName: string;
  /** Host name of the member that the others join. */
  seed: string;
  /** Unit that runs the broker, without `.service`. */
  unit: string;
  /** How RabbitMQ's tools are called, such as `["podman", "exec", "rabbitmq"]`. */
  tools: readonly string[];
}

/**
 * Script that says whether a member has joined its cluster, or joined it again. Ready is a member that runs without
 * alarms or partitions, in one cluster with every member that was there before it and every member that the cluster
 * knows, and whose loss would leave no quorum queue without a majority: then the next one may be replaced.
 *
 * Who is meant to be there stands in Nova's metadata (`fabric-members`), which changes in place when the cluster grows;
 * members behind this one in the list are made after it, so that it does not wait for them.
 */
export function renderBrokerCheck(input: BrokerCheckInput): string {
  return `#!/usr/bin/env python3
"""Says whether this member has joined its cluster."""
import json, os, socket, subprocess, sys, time, urllib.request

HOST, SEED, UNIT = ${JSON.stringify(input.hostName)}, ${JSON.stringify(input.seed)}, ${JSON.stringify(input.unit)}
TOOLS = ${JSON.stringify(input.tools)}
PORT, GOOD_FOR = ${PORTS.amqps}, ${GOOD_FOR}
${CHECK}`;
}

const CHECK = String.raw`LAST = "/run/fabric/broker-check"


def say(ready, text):
    print(text)
    sys.exit(0 if ready else 1)


def tool(*command):
    done = subprocess.run([*TOOLS, *command], capture_output=True, text=True, timeout=40)
    if done.returncode != 0:
        lines = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
        return None, (lines or ["no answer"])[0 if command[0] == "rabbitmqctl" else -1].strip()
    return done.stdout, ""


def started():
    """When systemd last started the daemon; empty while it does not run."""
    show = ["systemctl", "show", "--property=ActiveState,ActiveEnterTimestampMonotonic", UNIT + ".service"]
    text = subprocess.run(show, capture_output=True, text=True).stdout
    return text if "ActiveState=active" in text else ""


def serves():
    try:
        socket.create_connection(("127.0.0.1", PORT), 5).close()
        return True
    except OSError:
        return False


def meant():
    """Host names of the members, from the metadata service, else from what cloud-init read."""
    try:
        url = "http://169.254.169.254/openstack/latest/meta_data.json"
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        meta = json.load(direct.open(url, timeout=2)).get("meta", {})
    except (OSError, ValueError):
        try:
            with open("/run/cloud-init/instance-data.json") as file:
                meta = json.load(file).get("ds", {}).get("meta_data", {}).get("meta", {})
        except (OSError, ValueError):
            meta = {}
    return [name for name in meta.get("fabric-members", "").split(",") if name]


def short(node):
    return node.split("@", 1)[-1]


since = started()
if not since:
    say(False, "the broker does not run")
if not serves():
    say(False, "the broker does not serve yet")
try:
    with open(LAST) as file:
        last = json.load(file)
    if last["since"] == since and 0 <= time.monotonic() - last["at"] < GOOD_FOR:
        say(True, last["text"])
except (OSError, ValueError, KeyError):
    pass

answer, why = tool("rabbitmqctl", "-q", "cluster_status", "--formatter", "json")
if answer is None:
    say(False, "cluster_status: " + why)
status = json.loads(answer)
running = {short(node) for node in status["running_nodes"]}
known = {short(node) for node in status["disk_nodes"]}
members = meant()
before = members[: members.index(HOST)] if HOST in members else [SEED]
wanted = {HOST, *before, *(name for name in known if not members or name in members)}
missing = sorted(wanted - running)
if missing:
    say(False, "not in one cluster with " + ", ".join(missing))
if any(status.get("partitions") or []):
    say(False, "the cluster is partitioned")
if any(short(alarm.get("node", "")) == HOST for alarm in status.get("alarms") or []):
    say(False, "a resource alarm is on")
answer, why = tool("rabbitmq-diagnostics", "-q", "check_if_node_is_quorum_critical")
if answer is None:
    say(False, "quorum critical: " + why)
text = f"in a cluster of {len(running)}"
with open(LAST + ".new", "w") as file:
    json.dump({"since": since, "at": time.monotonic(), "text": text}, file)
os.replace(LAST + ".new", LAST)
say(True, text)
`;

/** Script that lets a new member wait for its seed: alone, it would begin a cluster of its own. */
export function renderSeedWait(hostName: string, seed: string): string {
  return `#!/bin/sh
# A member that has joined before knows its peers itself.
[ -d ${RABBITMQ_DATA}/mnesia/rabbit@${hostName} ] && exit 0
until python3 -c 'import socket; socket.create_connection(("${seed}", ${PORTS.amqps}), 5).close()' 2>/dev/null; do
  sleep 3
done
`;
}
