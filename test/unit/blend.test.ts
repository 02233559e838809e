import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { parseLoad, parsePatterns } from "../../tools/blend/options";
import { isSleeping, refuseSleepingVersion } from "../../tools/blend/oslo/version";
import { check } from "../../tools/blend/selfTest";
import { Latencies } from "../../tools/blend/stats/latencies";
import { marksOf } from "../../tools/blend/stats/marks";
import { readIdentity, writePayload } from "../../tools/blend/stats/payload";
import { parseStat } from "../../tools/blend/stats/processor";
import { countOf, intendedAt, isCounted } from "../../tools/blend/stats/schedule";
import { Seen } from "../../tools/blend/stats/seen";
import { parseTarget } from "../../tools/blend/target";
import { aimsOf } from "../../tools/blend/targets";
import { Frames } from "../../tools/blend/transports/frames";
import { copiesOf } from "../../tools/blend/transports/registry";
import { afterStall } from "../../tools/blend/transports/simulation";

const FLAGS = { pattern: [], clients: "2", servers: "2", size: "1024", seconds: "10", warmup: "2", timeout: "10" };

describe("a schedule", () => {
  it("has all clients together send at the rate, evenly, whatever their number", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 500 }), (clients, rate) => {
        const schedule = { rate, clients, warmup: 1, seconds: 3 };
        const times = Array.from({ length: clients }, (_, client) =>
          Array.from({ length: countOf(schedule, client) }, (_, at) => intendedAt(schedule, client, at)),
        )
          .flat()
          .sort((a, b) => a - b);
        expect(times).toHaveLength(rate * 4);
        times.forEach((time, at) => expect(time).toBeCloseTo((at * 1000) / rate, 6));
        expect(times.filter((time) => isCounted(schedule, time))).toHaveLength(rate * 3);
      }),
    );
  });
});

describe("latencies", () => {
  it("of many processes are added up to what one would have seen", () => {
    const values = fc.array(fc.double({ min: 0.001, max: 60_000, noNaN: true }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(values, values, (one, other) => {
        const of = (all: number[]) => {
          const found = new Latencies();
          for (const value of all) found.record(value);
          return found;
        };
        const merged = Latencies.merge([of(one).encode(), of(other).encode()]);
        expect(merged.summary()).toEqual(of([...one, ...other]).summary());
      }),
    );
  });

  it("tell no percentile that so few values cannot tell", () => {
    const few = new Latencies();
    for (let at = 1; at <= 100; at++) few.record(at);
    const percents = few.summary().curve.map(([percent]) => percent);
    expect(percents).toContain(99);
    expect(percents).not.toContain(99.9);
    expect(few.summary().p50).toBeCloseTo(50, 0);
    expect(new Latencies().summary()).toMatchObject({ count: 0, max: 0, curve: [] });
  });
});

describe("a mark", () => {
  const good = { offered: 100, achieved: 100, ceiling: 1000, lateness: 0.1, latency: 5, clientBusy: 0.1 };
  it("is not made where nothing is known against a number", () => expect(marksOf(good)).toEqual([]));
  it("says that a result is within 20 % of the tool's ceiling, and that a rate is beyond it", () => {
    expect(marksOf({ ...good, offered: 801, achieved: 801 })[0]).toMatch(/within 20 %/);
    expect(marksOf({ ...good, offered: 799, achieved: 799 })).toEqual([]);
    expect(marksOf({ ...good, offered: 1001, achieved: 1000 })[0]).toMatch(/beyond the tool's ceiling/);
  });
  it("says that a rate was not kept up with, a client was busy, or messages were sent late", () => {
    expect(marksOf({ ...good, achieved: 90 })).toEqual(["did not keep up with the offered rate"]);
    expect(marksOf({ ...good, clientBusy: 0.9 })[0]).toMatch(/busy 90 %/);
    expect(marksOf({ ...good, lateness: 2 })[0]).toMatch(/sent late/);
  });
});

describe("a listener's memory", () => {
  it("tells what came twice, and what came after a later one of the same sender", () => {
    const seen = new Seen();
    for (const [sender, sequence] of [
      [1, 0],
      [1, 2],
      [1, 1],
      [2, 0],
      [1, 2],
    ] as const)
      seen.add(sender, sequence);
    expect(seen).toMatchObject({ distinct: 4, duplicates: 1, disordered: 1 });
  });
});

describe("a message", () => {
  it("says what it is, in whatever size, and in whatever pieces it arrives", () => {
    const identity = { intended: 12345.678, sender: 7, sequence: 99, counted: true };
    expect(writePayload(identity, 1024)).toHaveLength(1024);
    expect(readIdentity(writePayload(identity, 1))).toEqual(identity);
    const body = writePayload(identity, 50);
    const frame = Buffer.concat([Buffer.from([0, 0, 0, 50, 0, 0, 0, 3]), body]);
    const two = Buffer.concat([frame, frame]);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: two.length }), (cut) => {
        const got: [number, Buffer][] = [];
        const frames = new Frames((id, one) => got.push([id, one]));
        for (const piece of [two.subarray(0, cut), two.subarray(cut)]) frames.add(piece);
        expect(got).toEqual([
          [3, body],
          [3, body],
        ]);
      }),
    );
  });
});

describe("a transport URL", () => {
  it("is read as oslo.messaging writes it: several hosts, quoted passwords, and a virtual host", () => {
    const target = parseTarget(
      "rabbit://nova:a%40b%3Ac@one:5671,nova:a%40b%3Ac@[::1]/open%2Fstack?queue=quorum",
      "x",
      "PEM",
    );
    expect(target).toMatchObject({
      user: "nova",
      password: "a@b:c",
      vhost: "open/stack",
      options: { queue: "quorum" },
    });
    expect(target.endpoints).toEqual([
      { host: "one", port: 5671 },
      { host: "::1", port: 5671 },
    ]);
    expect(target.tls).toEqual({ ca: "PEM" });
    expect(parseTarget("kafka://u:p@host/").endpoints).toEqual([{ host: "host", port: 9092 }]);
  });
  it.each([
    ["amqqp://host/", /begins with rabbit:\/\/, .* given is scheme "amqqp"/],
    ["nonsense", /given is something that is none/],
    ["zmq://host/", /must be host:port, given is "host"/],
    ["rabbit://host/?queue=lazy", /`queue` .* must be classic, quorum, stream; given is "lazy"/],
    ["rabbit://host/?queue=quorum&durable=false", /quorum queues are always durable/],
    ["amqp://host/?peer=switch", /`peer` .* must be broker or router; given is "switch"/],
    ["kafka://host/?queue=quorum", /kafka:\/\/ knows no options; given is "queue"/],
  ])("is refused with the reason: %s", (url, reason) => expect(() => parseTarget(url)).toThrow(reason));
  it("never shows its password in an error", () => {
    expect(() => parseTarget("rabbit://nova:secret@host:x/")).toThrow(/^(?!.*secret)/s);
  });
});

describe("a pattern", () => {
  it("is refused where its promise cannot be kept: requests over Kafka and streams, notifications over ZeroMQ", () => {
    expect(() => copiesOf(parseTarget("kafka://u:p@h/"), "call")).toThrow(/refused for call: Kafka keeps a request/);
    expect(() => copiesOf(parseTarget("zmq://h:1/"), "notification")).toThrow(/ZeroMQ stores nothing/);
    expect(() => copiesOf(parseTarget("rabbit://h/?queue=stream"), "cast")).toThrow(/a stream gives a request to all/);
    expect(() => copiesOf(parseTarget("amqp://h/?peer=router"), "notification")).toThrow(/a router stores nothing/);
    expect(copiesOf(parseTarget("amqp://h/"), "notification")).toBe("one");
    expect(copiesOf(parseTarget("amqp://h/"), "fanout")).toBe("each");
  });
});

describe("the flags", () => {
  it("give one load for every rate", () => {
    const { loads } = parseLoad({ ...FLAGS, rate: "10,20.5" });
    expect(loads.map((load) => load.kind === "open" && load.rate)).toEqual([10, 20.5]);
  });
  it("are refused all at once", () => {
    const flags = { ...FLAGS, pattern: ["shout"], rate: "fast", closed: "3", size: "1" };
    expect(() => parseLoad(flags)).toThrow(
      /3 problems:[^]*exclude each other[^]*shout[^]*`--size` must be a whole number from 20/,
    );
    expect(parsePatterns([], ["notification", "call"])).toEqual(["call", "notification"]);
  });
});

describe("a stack's outputs", () => {
  const output = {
    rpcTransportUrls: { nova: "amqp://nova:x@r1:5671/openstack" },
    notificationTransportUrls: {
      nova: "rabbit://nova:x@b1:5671/openstack",
      cinder: "rabbit://cinder:x@b1:5671/openstack",
    },
    caPem: "PEM",
  };
  it("give every transport with the patterns that it is there for", () => {
    const aims = aimsOf("dev", output).map(({ target, patterns }) => [
      target.scheme,
      target.user,
      patterns.length,
      target.options,
    ]);
    expect(aims).toEqual([
      ["amqp", "nova", 3, { peer: "router" }],
      ["rabbit", "cinder", 1, { queue: "quorum" }],
    ]);
  });
  it("are refused where there are none", () => expect(() => aimsOf("dev", {})).toThrow(/outputs no transport URLs/));
});

describe("oslo.messaging", () => {
  it("is refused in versions that sleep for each answer, over RabbitMQ only", () => {
    const versions = ["14.7.3", "14.8.0", "16.1.0", "17.3.2", "18.1.0", "18.2.0"];
    expect(versions.map(isSleeping)).toEqual([false, true, true, true, true, false]);
    expect(() => refuseSleepingVersion("17.3.2", "rabbit")).toThrow(/sleeps half a second/);
    expect(() => refuseSleepingVersion("14.9.3", "amqp")).not.toThrow();
  });
});

describe("what is known", () => {
  it("must be found within one percent", () => {
    expect(check("x", 100, 101).ok).toBe(true);
    expect(check("x", 100, 101.01).ok).toBe(false);
  });
  it("of a stalling server is when it does what is due", () => {
    expect([900, 1500, 5200, 6000].map((due) => afterStall(due, 1000, 5000))).toEqual([1000, 1500, 6000, 6000]);
    expect(afterStall(42, 1000, 0)).toBe(42);
  });
  it("of a process is read behind its name, whatever that holds", () => {
    const line = "42 (a) b (c)) S 1 40 40 0 -1 4194560 1 0 0 0 150 50 0 0 20 0";
    expect(parseStat(line)).toEqual({ pid: 42, group: 40, processorMs: 2000 });
  });
});
