/** The parts of a documentation comment. */
export interface DocComment {
  readonly text: string;
  readonly tags: readonly DocTag[];
}

export interface DocTag {
  /** The tag's name without the `@`. */
  readonly name: string;
  readonly text: string;
}

/** Parses a comment as it stands in the source. An empty string gives an empty comment. */
export function readDocComment(comment: string): DocComment {
  const lines = comment
    .replace(/^\/\*\*|\*\/$/g, "")
    .split("\n")
    .map((line) => line.replace(/^\s*\* ?/, "").trimEnd());
  const [text = "", ...tags] = lines.join("\n").split(/^\s*@(?=\w)/m);
  return {
    text: text.trim(),
    tags: tags.map((tag) => {
      const [, name = "", rest = ""] = /^(\w+)\s*([^]*)$/.exec(tag) ?? [];
      return { name, text: rest.trim() };
    }),
  };
}
