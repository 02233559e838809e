import { filesOf } from "./files";
import { type PlaintextSign, plaintextSigns } from "./plaintext";
import { leavesOf, type Props } from "./values";

/** Signs of connections in the clear in every file that properties hold, and where each is. */
export function plaintextIn(props: Props): (PlaintextSign & { where: string })[] {
  return leavesOf(props)
    .flatMap(filesOf)
    .flatMap(({ where, text }) => plaintextSigns(text).map((sign) => ({ where, ...sign })));
}
