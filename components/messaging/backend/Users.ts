import * as pulumi from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random/randomPassword";

import type { DriverName } from "./drivers";
import { transportUrl } from "./transportUrl";

/** A secret by user: a password or a URL. */
export type Secrets = pulumi.Output<Record<string, string>>;

/** A password for each user, made once. */
export function createUsers(parent: pulumi.Resource, name: string, users: readonly string[]): Secrets {
  const entries = [...new Set(users)].sort().map((user): [string, pulumi.Output<string>] => {
    const password = new RandomPassword(`${name}-user-${user}`, { length: 32, special: false }, { parent });
    return [user, password.result];
  });
  return pulumi.secret(Object.fromEntries(entries));
}

/** The passwords of some of the users. */
export function only(users: Secrets, names: readonly string[]): Secrets {
  return users.apply((all) => Object.fromEntries(Object.entries(all).filter(([user]) => names.includes(user))));
}

/** Each user's transport URL over all endpoints. */
export function urlsOf(driver: DriverName, endpoints: pulumi.Output<string[]>, users: Secrets, vhost: string): Secrets {
  const urls = pulumi
    .all([endpoints, users])
    .apply(([hosts, passwords]) =>
      Object.fromEntries(
        Object.entries(passwords).map(([user, password]) => [
          user,
          transportUrl({ driver, endpoints: hosts, user, password, vhost }),
        ]),
      ),
    );
  return pulumi.secret(urls);
}
