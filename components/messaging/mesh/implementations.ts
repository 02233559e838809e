import type { RouterImplementation } from "./topology";

/** What differs between the two routers; their configuration is otherwise the same text. */
export interface RouterSoftware {
  /** The daemon in the image. */
  daemon: string;
  /** Where its files lie on the server and, mounted read-only, in the container. */
  dir: string;
  /** Name of its settings for Cyrus SASL, without `.conf`. */
  saslName: string;
  /** The user that its image runs as. */
  uid: number;
  /** The image that is taken where none is given. */
  image: string;
}

export const ROUTER_SOFTWARE: Record<RouterImplementation, RouterSoftware> = {
  "skupper-router": {
    daemon: "skrouterd",
    dir: "/etc/skupper-router",
    saslName: "skrouterd",
    uid: 10000,
    image: "quay.io/skupper/skupper-router:3.5.1",
  },
  "qpid-dispatch": {
    daemon: "qdrouterd",
    dir: "/etc/qpid-dispatch",
    saslName: "qdrouterd",
    uid: 10000,
    image: "quay.io/interconnectedcloud/qdrouterd:1.19.0",
  },
};
