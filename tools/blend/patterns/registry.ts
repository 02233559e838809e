import type { PatternName } from "../transports/transport";
import { call } from "./call";
import { cast } from "./cast";
import { fanout } from "./fanout";
import { notification } from "./notification";
import type { Pattern } from "./pattern";

export const PATTERN: Record<PatternName, Pattern> = { call, cast, fanout, notification };
