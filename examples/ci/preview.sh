#!/usr/bin/env bash
# Previews the stacks whose names come on standard input, one a line, and leaves <folder>/<stack>.json of each.
# Without credentials of a cloud a preview goes by stacks/facts/<stack>.json. All stacks are tried; ends with 1 where one failed.
set -euo pipefail
folder=${1:?usage: preview.sh <folder> < names}
mkdir -p "$folder"
failed=0
while IFS= read -r stack; do
  [ -n "$stack" ] || continue
  echo "previewing $stack"
  # The engine must not read the names that are left.
  if ! pulumi preview --stack "$stack" --json --non-interactive < /dev/null > "$folder/$stack.json" 2> "$folder/$stack.log"; then
    echo "the preview of $stack failed:" >&2
    cat "$folder/$stack.log" >&2
    failed=1
  fi
done
exit "$failed"
