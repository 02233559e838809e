#!/usr/bin/env bash
# Makes one report of the previews of the stacks whose names come on standard input: comment.md, report.html and
# report.json in the folder. Ends as the report does: 0, or 1 where the policy refuses the change.
# LIMIT: characters that the forge takes in a comment. DETAILS_URL: where the whole report will lie.
set -euo pipefail
folder=${1:?usage: report.sh <folder> < names}
previews=()
pictures=()
while IFS= read -r stack; do
  # A preview that failed has said so, and may have left nothing.
  if [ ! -s "$folder/$stack.json" ]; then continue; fi
  previews+=(--preview "$stack=$folder/$stack.json")
  # A report without its picture is better than none.
  if node dist/tools/topology/main.js "$stack" --preview "$folder/$stack.json" -o "$folder/$stack.svg" >&2; then
    pictures+=(--picture "$stack=$folder/$stack.svg")
  fi
done
if [ ${#previews[@]} -eq 0 ]; then
  echo "No stack is previewed: this change concerns none, or every preview failed." > "$folder/comment.md"
  exit 0
fi
approvals=()
if [ -f stacks/approvals.yaml ]; then approvals=(--approvals stacks/approvals.yaml); fi
exec node dist/tools/report/main.js "${previews[@]}" "${pictures[@]}" --fail-on replace-stateful "${approvals[@]}" \
  --markdown "$folder/comment.md" --html "$folder/report.html" --json-file "$folder/report.json" \
  --limit "${LIMIT:?}" --details-url "${DETAILS_URL:?}"
