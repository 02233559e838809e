import { PORTS } from "../../components/messaging/servers/ports";
import { routerOfMachine, RunningMesh } from "../../test/support/routerMesh";
import { parseTarget } from "../../tools/blend/target";
import { type System, urlOf, USER } from "./system";

/** Interior routers, each connected to the others. */
const ROUTERS = 3;

/** A mesh of routers with the project's own configuration; none where the machine has no router. */
export async function routers(): Promise<System | undefined> {
  const implementation = routerOfMachine();
  if (implementation === undefined) return undefined;
  const mesh = await RunningMesh.start({ interior: ROUTERS, implementation }, [USER]);
  const all = [...mesh.routers.values()];
  const url = urlOf(
    "amqp",
    all.map(({ address }) => `${address}:${PORTS.amqps}`),
    "/openstack?peer=router",
  );
  return {
    trials: [{ target: parseTarget(url, implementation, mesh.authority.caPem) }],
    members: all.map((router) => ({
      name: router.plan.hostName,
      pids: () => (router.process?.pid === undefined ? [] : [router.process.pid]),
      crash: () => mesh.end(router, "SIGKILL"),
      stop: () => mesh.end(router, "SIGTERM"),
      start: () => mesh.boot(router),
    })),
    close: () => mesh.stop(),
  };
}
