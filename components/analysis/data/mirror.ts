/** An image's repository at a mirror, which has it under the same path as its own registry. */
export function mirrored(repository: string, mirror: string | undefined): string {
  if (mirror === undefined) return repository;
  return `${mirror.replace(/\/+$/, "")}/${repository.replace(/^[^/]*[.:][^/]*\//, "")}`;
}
