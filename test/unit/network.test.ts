import { describe, expect, it } from "vitest";

import { addressAt, formatCidr, parseCidr, subnetAt } from "../../components/network/cidr";
import { planNetwork, staticAddress } from "../../components/network/plan";

const request = { name: "prod", zones: ["az-1", "az-2", "az-3"], cidr: "10.20.0.0/16" };

describe("the network plan", () => {
  it("gives every zone a subnet of its own, and leaves room for eight", () => {
    const plan = planNetwork(request);
    expect(plan.subnets.map((s) => [s.key, s.cidr, s.gateway])).toEqual([
      ["az-1", "10.20.0.0/19", "10.20.0.1"],
      ["az-2", "10.20.32.0/19", "10.20.32.1"],
      ["az-3", "10.20.64.0/19", "10.20.64.1"],
    ]);
  });

  it("keeps every subnet where it is when a zone is added", () => {
    const before = planNetwork(request).subnets;
    const after = planNetwork({ ...request, zones: [...request.zones, "az-4"] }).subnets;
    expect(after.slice(0, 3)).toEqual(before);
  });

  it("hands out only the upper half by DHCP, so that planned addresses never collide", () => {
    const [subnet] = planNetwork(request).subnets;
    expect(subnet?.pool).toEqual({ start: "10.20.16.0", end: "10.20.31.254" });
  });

  it("adds a /64 per zone when there is an IPv6 range, compressed as Neutron prints it", () => {
    const sixes = planNetwork({ ...request, ipv6Cidr: "fd00:20::/48" }).subnets.filter((s) => s.version === 6);
    expect(sixes.map((s) => s.cidr)).toEqual(["fd00:20::/64", "fd00:20:0:1::/64", "fd00:20:0:2::/64"]);
  });

  it.each([
    [{ cidr: "10.20.0.1/16" }, /`network.cidr` has host bits set.*Did you mean 10.20.0.0\/16/],
    [{ cidr: "10.20.0.0/27" }, /too small/],
    [{ cidr: "nonsense" }, /`network.cidr` must be a network such as .* got "nonsense"/],
    [{ zones: [] }, /at least one availability zone/],
    [{ ipv6Cidr: "fd00::/64" }, /`network.ipv6Cidr` must be an IPv6 range of \/61 or larger/],
    [{ ipv6Cidr: "10.0.0.0/16" }, /`network.ipv6Cidr` must be an IPv6 range/],
    [{ subnetPrefix: 17 }, /does not fit 3 zones/],
  ])("refuses %j with the field and the fix", (wrong, message) => {
    expect(() => planNetwork({ ...request, ...wrong })).toThrow(message);
  });

  it("refuses an address beyond a zone's planned half", () => {
    const tiny = { zone: "az-1", cidr: "10.0.0.0/27" };
    expect(() => staticAddress(tiny, { first: 10, count: 64 }, 6, "router")).toThrow(/no room for router 7/);
  });
});

describe("CIDR arithmetic", () => {
  it("counts across octets and versions", () => {
    const four = parseCidr("10.0.0.0/8", "f");
    expect(addressAt(four, 256)).toBe("10.0.1.0");
    expect(formatCidr(subnetAt(four, 16, 255))).toBe("10.255.0.0/16");
    expect(addressAt(parseCidr("fd00::/48", "f"), 2n ** 64n + 1n)).toBe("fd00:0:0:1::1");
  });
});
