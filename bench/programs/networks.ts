import { Network } from "@pulumi/openstack/networking/network";
import { Provider } from "@pulumi/openstack/provider";

/** As many networks as `BENCH_RESOURCES` says: the same resources as the Terraform configuration beside it. */
const provider = new Provider("cloud", {
  authUrl: "https://cloud.invalid/v3",
  userName: "nobody",
  password: "none",
  tenantName: "none",
  domainName: "Default",
});
for (let index = 0; index < Number(process.env["BENCH_RESOURCES"]); index++) {
  new Network(`net-${index}`, { name: `net-${index}`, adminStateUp: true, tags: ["bench"] }, { provider });
}
