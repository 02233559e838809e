/** Nova's metadata key with the host names of the wanted members, separated by commas; changes in place. */
export const MEMBERS_KEY = "fabric-members";

/** Where a server reads its own metadata. Source: Nova, Metadata service. */
const METADATA_URL = "http://169.254.169.254/openstack/latest/meta_data.json";

export interface MembershipScriptOptions {
  /** Command that RabbitMQ's tools are called through, such as `["podman", "exec", "rabbitmq"]`. Default: none. */
  through?: readonly string[];
  /** Where the wanted members are read. Default: Nova's metadata service. */
  metadataUrl?: string;
}

/**
 * Script (Python 3, which cloud-init brings) that makes a cluster what its plan wants: run on every broker by a timer,
 * it acts on one of them. It puts members of quorum queues and streams on new nodes, takes them off nodes that are no
 * longer wanted, and forgets such a node once it is down. It never removes what a majority needs. When an upgrade is
 * through, it turns on the feature flags that the next one needs. The argument is the
 * server's host name; default: the machine's. It ends with 0 where nothing is wrong, and prints what it did.
 *
 * RabbitMQ itself adds members from 3.13 on, and only up to a fixed size; forgetting nodes it leaves to operators.
 */
export function renderMembershipScript(options: MembershipScriptOptions = {}): string {
  const through = JSON.stringify(options.through ?? []);
  const url = JSON.stringify(options.metadataUrl ?? METADATA_URL);
  return `#!/usr/bin/python3
"""Keeps the RabbitMQ cluster at the members that the server's metadata wants."""
import base64
import json
import re
import socket
import subprocess
import sys
import urllib.request

THROUGH = ${through}
METADATA_URL = ${url}
KEY = "${MEMBERS_KEY}"
${SCRIPT}`;
}

const SCRIPT = String.raw`

def run(*command):
    done = subprocess.run([*THROUGH, *command], capture_output=True, text=True, timeout=90)
    if done.returncode != 0:
        raise RuntimeError(" ".join(command[:2]) + ": " + (done.stderr.strip() or done.stdout.strip())[:300])
    return done.stdout


def rows(*command):
    return json.loads(run("rabbitmqctl", *command, "--formatter", "json", "--silent"))


def wanted_members():
    with urllib.request.urlopen(METADATA_URL, timeout=10) as answer:
        names = json.load(answer).get("meta", {}).get(KEY, "")
    return {"rabbit@" + name.strip() for name in names.split(",") if name.strip()}


def known_nodes(status):
    return set(status["disk_nodes"]) | set(status.get("ram_nodes", []))


def enable_features(status):
    """Turns on what a finished upgrade brought: the next one needs it, and RabbitMQ leaves it to operators."""
    versions = {node.get("rabbitmq_version", "") for node in status["versions"].values()}
    if known_nodes(status) != set(status["running_nodes"]) or len(versions) != 1:
        return
    # An experiment until 4.2, which "all" leaves off.
    off = {flag["name"] for flag in status.get("feature_flags", []) if flag["state"] == "disabled"}
    if re.match(r"3\.|4\.[01]\.", versions.pop()):
        off.discard("khepri_db")
    if off:
        run("rabbitmqctl", "enable_feature_flag", "all")
        print("turned on " + ", ".join(sorted(off)))


# One question to one node: list_queues has every node answer the tool by itself, and waits for each queue.
# Who of a stream is online a node cannot say whose stream coordinator does not run.
QUEUES = """
Asked = #{rabbit_quorum_queue => [name, type, members, online], rabbit_stream_queue => [name, type, members]},
base64:encode(rabbit_json:encode([
  begin
    Items = maps:get(amqqueue:get_type(Q), Asked),
    [{name, {resource, VHost, queue, Name}} | Info] = rabbit_amqqueue:info(Q, Items),
    maps:merge(#{vhost => VHost, name => Name}, maps:from_list(Info))
  end
  || Q <- rabbit_amqqueue:list(), maps:is_key(amqqueue:get_type(Q), Asked)])).
"""


def replicated():
    """Quorum queues and streams of all virtual hosts."""
    # Erlang prints the text in quotes and may fold it.
    text = re.sub("[^A-Za-z0-9+/=]", "", run("rabbitmqctl", "eval", QUEUES))
    return json.loads(base64.b64decode(text))


def majority(part, whole):
    return 2 * len(part) > len(whole)


def grow(node, queues):
    lacking = [queue for queue in queues if node not in queue["members"]]
    if any(queue["type"] == "quorum" for queue in lacking):
        run("rabbitmq-queues", "grow", node, "all")
    for queue in lacking:
        if queue["type"] == "stream":
            run("rabbitmq-streams", "add_replica", "--vhost", queue["vhost"], queue["name"], node)
    if lacking:
        print(f"put {len(lacking)} queues on {node}")


def drain(node, running):
    """Takes queues off a node; what cannot lose a member without losing its majority stays, and is said."""
    on_it = [queue for queue in replicated() if node in queue["members"]]
    for queue in on_it:
        rest = [member for member in queue["members"] if member != node]
        name = queue["vhost"] + "/" + queue["name"]
        if queue["type"] == "quorum" and not majority(set(rest) & set(queue["online"]), queue["members"]):
            raise RuntimeError(f"{name} would lose its majority without {node}")
        if not majority(set(rest) & running, queue["members"]):
            raise RuntimeError(f"{name} would lose its majority without {node}")
    if any(queue["type"] == "quorum" for queue in on_it):
        run("rabbitmq-queues", "shrink", node)
    for queue in on_it:
        # A replica on a node that is down goes with the node; before 3.12 it stays listed.
        if queue["type"] == "stream" and node in running:
            run("rabbitmq-streams", "delete_replica", "--vhost", queue["vhost"], queue["name"], node)
    left = [queue for queue in replicated() if node in queue["members"] and queue["type"] == "quorum"]
    if left:
        raise RuntimeError(f"{len(left)} queues are still on {node}")
    if on_it:
        print(f"took {len(on_it)} queues off {node}")


def main():
    own = "rabbit@" + (sys.argv[1] if len(sys.argv) > 1 else socket.gethostname())
    wanted = wanted_members()
    if not wanted:
        return f"the metadata has no {KEY}: nothing is changed"
    status = rows("cluster_status")
    known, running = known_nodes(status), set(status["running_nodes"])
    elected = min(running & wanted, default=None)
    if own != elected:
        return f"{elected or 'no node that runs'} keeps the members"
    if not majority(running, known):
        raise RuntimeError(f"only {len(running)} of {len(known)} nodes run: nothing is changed")
    # First more, then less: nothing is taken from a queue that could still have another member.
    queues = replicated()
    for node in sorted(running & wanted):
        grow(node, queues)
    for node in sorted(known - wanted):
        if not wanted <= running:
            raise RuntimeError(f"{node} goes once all wanted members run; missing: {sorted(wanted - running)}")
        drain(node, running)
        if node in running:
            print(f"{node} is no longer wanted, and is forgotten once it is down")
            continue
        run("rabbitmqctl", "forget_cluster_node", node)
        print(f"forgot {node}")
    if known == wanted:
        enable_features(status)
    return f"{len(running & wanted)} of {len(wanted)} wanted members run"


try:
    print(main())
except (OSError, ValueError, KeyError, RuntimeError, subprocess.SubprocessError) as error:
    sys.exit(f"fabric-members: {error}")
`;
