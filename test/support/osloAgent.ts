export { AgentError, type Load, OsloAgent } from "../../tools/blend/oslo/OsloAgent";
