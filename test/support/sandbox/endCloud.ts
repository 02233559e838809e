import { afterAll } from "vitest";

import { endCloud } from "./cloud";

// Registered before a file's own hooks, so that it runs after them.
afterAll(endCloud);
