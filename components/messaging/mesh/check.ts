import { PORTS } from "../servers/ports";
import { ROUTER_SOFTWARE } from "./implementations";
import type { EdgePlan, RouterPlan } from "./plan";
import type { RouterImplementation } from "./topology";

/** Seconds that a router without links of its own waits for those of others; they try again every five seconds or so. */
const SETTLE = 30;

/**
 * Script that says whether a router works and has its links back. What it asks: \`/healthz\`, which both routers answer
 * from their core; the kernel, for the connections that this router opened (the image's own tools would need a
 * listener without TLS, or a password); and \`/metrics\`, for the routers that it knows by the routing protocol, which
 * speaks over links only that TLS and SASL let through.
 */
export function renderRouterCheck(router: RouterPlan | EdgePlan, implementation: RouterImplementation): string {
  const tls = `${ROUTER_SOFTWARE[implementation].dir}/tls`;
  const interior = router.mode === "interior";
  const links = router.links.map(({ address }) => address);
  return `#!/usr/bin/env python3
"""Says whether this router works and has its links."""
import re, ssl, subprocess, sys, urllib.request

LINKS, PORT = ${JSON.stringify(links)}, ${interior ? PORTS.interRouter : PORTS.edge}
# An edge router works over one uplink and keeps the others ready; an interior router needs all of its own.
NEEDED = ${interior ? "len(LINKS)" : "1"}


def say(ready, text):
    print(text)
    sys.exit(0 if ready else 1)


def ask(path):
    # The port asks for a certificate of the mesh's authority: the router's own is one. No certificate names 127.0.0.1.
    context = ssl.create_default_context(cafile="${tls}/ca.pem")
    context.check_hostname = False
    context.load_cert_chain("${tls}/cert.pem", "${tls}/key.pem")
    secure = urllib.request.HTTPSHandler(context=context)
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}), secure)
    return direct.open("https://127.0.0.1:${PORTS.routerHealth}" + path, timeout=5).read().decode()


try:
    ask("/healthz")
    metrics = ask("/metrics")
except OSError as error:
    say(False, f"/healthz: {error}")
show = ["ss", "-Htn", "state", "established", f"( dport = :{PORT} )"]
peers = subprocess.run(show, capture_output=True, text=True).stdout.split()
up = [link for link in LINKS if f"{link}:{PORT}" in peers or f"[{link}]:{PORT}" in peers]
text = f"{len(up)} of {len(LINKS)} links up"
if len(up) < NEEDED:
    say(False, text)
${interior ? interiorChecks(implementation) : ""}say(True, text)
`;
}

function interiorChecks(unit: string): string {
  return `found = re.search(r"^(?:qdr_)?routers(?:_total)? (\\d+)", metrics, re.M)
routers = int(found.group(1)) if found else 0
text += f", {routers} other routers known"
if LINKS and routers == 0:
    say(False, text)
if routers == 0:
    # The first router opens no links. When it was replaced, the others come back to it.
    show = ["systemctl", "show", "--value", "--property=ActiveEnterTimestampMonotonic", "${unit}.service"]
    since = int(subprocess.run(show, capture_output=True, text=True).stdout.strip() or 0) / 1e6
    with open("/proc/uptime") as file:
        if float(file.read().split()[0]) - since < ${SETTLE}:
            say(False, text + "; waiting for links of others")
`;
}
