/** What takes longer says what it does, in milliseconds. */
const SILENT_MS = 2_000;

/** Says on standard error what is waited for, if it takes longer than two seconds, and how long it took. */
export async function withProgress<T>(what: string, work: () => Promise<T>): Promise<T> {
  const started = Date.now();
  let said = false;
  const timer = setTimeout(() => {
    said = true;
    process.stderr.write(`${what} ...`);
  }, SILENT_MS);
  try {
    return await work();
  } finally {
    clearTimeout(timer);
    if (said) process.stderr.write(` ${((Date.now() - started) / 1000).toFixed(1)} s\n`);
  }
}
