import type { HostFile } from "./plan";

export const DATA_DISK_SCRIPT = "/usr/local/sbin/fabric-data-disk";

/** Label of a data volume's filesystem; by it a replaced server knows the volume again. */
export const DATA_LABEL = "fabric-data";

/** Seconds for which the volume is waited for. */
const WAIT_SECONDS = 300;

/**
 * Mounts the data volume. Device names (`/dev/vdb`) say nothing: their order is the hypervisor's, and a configuration
 * drive or an ephemeral disk may come first. A volume that was used before is known by its label; a new one is the only
 * disk without any signature. Where that is not clear, nothing is formatted.
 */
export function dataDiskFile(): HostFile {
  return {
    path: DATA_DISK_SCRIPT,
    mode: "0755",
    content: `#!/bin/sh
# Finds the data volume, makes a filesystem on it the first time only, and mounts it at $1, now and at every boot.
set -eu
blank() {
  lsblk -dnpo NAME,TYPE,RO | while read -r disk type readonly; do
    [ "$type" = disk ] && [ "$readonly" = 0 ] && [ -b "$disk" ] || continue
    [ "$(lsblk -no NAME "$disk" | wc -l)" = 1 ] || continue
    # 2: no signature that blkid knows. Anything else is somebody's data, or a disk that cannot be read.
    code=0; blkid -p "$disk" >/dev/null 2>&1 || code=$?
    if [ "$code" = 2 ]; then echo "$disk"; fi
  done
}
waited=0
until blkid -L ${DATA_LABEL} >/dev/null; do
  udevadm settle --timeout=10 || true
  new=$(blank)
  if [ "$(echo "$new" | wc -w)" -gt 1 ]; then
    echo "cannot tell which disk is the data volume: $(echo $new) are all blank" >&2; exit 1
  fi
  if [ -n "$new" ]; then mkfs.ext4 -q -L ${DATA_LABEL} "$new"; udevadm settle --timeout=10 || true; break; fi
  if [ "$waited" -ge ${WAIT_SECONDS} ]; then echo "no data volume after ${WAIT_SECONDS} s" >&2; exit 1; fi
  sleep 2; waited=$((waited + 2))
done
mkdir -p "$1"
# Grown at mount: the volume may have been extended. A server boots without it, but its daemon does not start.
grep -q '^LABEL=${DATA_LABEL} ' /etc/fstab ||
  echo "LABEL=${DATA_LABEL} $1 ext4 defaults,nofail,x-systemd.growfs 0 2" >> /etc/fstab
systemctl daemon-reload
mountpoint -q "$1" || mount "$1"
resize2fs "$(findmnt -no SOURCE "$1")" 2>/dev/null || true
`,
  };
}
