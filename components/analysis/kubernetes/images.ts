const TAGGED = /^[^\s:@]+(:\d+)?(\/[^\s:@]+)*(:(?<tag>[\w][\w.-]*)(@sha256:[0-9a-f]{64})?|@sha256:[0-9a-f]{64})$/;

/** What is wrong with an image's name, if anything: it must say which one exactly, so that all nodes run the same. */
export function imageFinding(path: string, image: string): string | undefined {
  const named = TAGGED.exec(image);
  if (named !== null && named.groups?.["tag"] !== "latest") return undefined;
  const example = image.replace(/:latest$/, "") || "registry.example.org/spark";
  return `\`${path}\` must be an image with a tag other than latest, or a digest, got "${image}". Write it as ${example}:<version>.`;
}

/** The tag of an image, if it has one. */
export function imageTag(image: string): string | undefined {
  return TAGGED.exec(image)?.groups?.["tag"];
}
