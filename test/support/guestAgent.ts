import { createConnection, type Socket } from "node:net";
import { createInterface } from "node:readline";

interface Answer {
  return?: unknown;
  error?: { desc: string };
}

/** How long an answer is waited for, in milliseconds. */
const PATIENCE = 10_000;

let syncs = 0;

/** Asks QEMU's guest agent on a socket; each message is a line of JSON. */
export async function askAgent(path: string, execute: string, args: Record<string, unknown> = {}): Promise<unknown> {
  const socket = createConnection(path);
  try {
    const answers = readAnswers(socket);
    // Answers to what was asked before the agent ran, or before a time-out, come first.
    const id = ++syncs;
    send(socket, "guest-sync", { id });
    while ((await next(answers)).return !== id);
    send(socket, execute, args);
    // The machine is off before it could answer.
    if (execute === "guest-shutdown") return undefined;
    const answer = await next(answers);
    if (answer.error !== undefined) throw new Error(answer.error.desc);
    return answer.return;
  } finally {
    socket.destroy();
  }
}

function send(socket: Socket, execute: string, args: Record<string, unknown>): void {
  socket.write(`${JSON.stringify({ execute, arguments: args })}\n`);
}

function readAnswers(socket: Socket): AsyncIterator<string> {
  socket.setTimeout(PATIENCE, () => socket.destroy(new Error("the guest agent does not answer")));
  return createInterface({ input: socket })[Symbol.asyncIterator]();
}

async function next(answers: AsyncIterator<string>): Promise<Answer> {
  const line: IteratorResult<string, unknown> = await answers.next();
  if (line.done === true) throw new Error("the guest agent does not answer");
  return JSON.parse(line.value) as Answer;
}
