import { parse } from "@babel/parser";
import { readText } from "./json-file.ts";

/**
 * A setting of a configuration: `absent` if it is not set, `text` with its value, `object` for settings below it. `computed`
 * stands for all else: for a value of another type, and for one that only the running configuration can tell.
 */
export type Setting =
  { readonly kind: "absent" | "object" | "computed" } | { readonly kind: "text"; readonly text: string };

/** Reads the setting under a path of keys. */
export type Settings = (...path: readonly [string, ...string[]]) => Setting;

export const NO_SETTINGS: Settings = () => ({ kind: "absent" });

/**
 * Reads the configuration that a script exports by default, in JavaScript or TypeScript, without running it. In a script that
 * cannot be read every setting is `computed`.
 */
export async function readConfiguration(path: string): Promise<Settings> {
  return settingsIn((await readText(path)) ?? "");
}

type Statement = ReturnType<typeof parse>["program"]["body"][number];
type Expression = Extract<Statement, { type: "ExpressionStatement" }>["expression"];
type ObjectExpression = Extract<Expression, { type: "ObjectExpression" }>;
type Node = Statement | Expression;

/** Reads the configuration in a script's text. */
export function settingsIn(script: string): Settings {
  try {
    const { body } = parse(script, { sourceType: "unambiguous", plugins: ["typescript"] }).program;
    const exported = body.map(exportedBy).find((node) => node !== null);
    const names = namesIn(body);
    const objects = exported ? objectsOf(exported, names) : null;
    return (...path) => (objects ? inAll(objects, path, names) : COMPUTED);
  } catch {
    return () => COMPUTED;
  }
}

const COMPUTED: Setting = { kind: "computed" };

/** The default export of a module, or the exports of a script of CommonJS; null if the statement is none. */
function exportedBy(statement: Statement): Node | null {
  if (statement.type === "ExportDefaultDeclaration") return statement.declaration as Node;
  if (statement.type === "TSExportAssignment") return statement.expression;
  if (statement.type !== "ExpressionStatement" || statement.expression.type !== "AssignmentExpression")
    return null;
  const { left, right } = statement.expression;
  const isExports = left.type === "MemberExpression" && nameOf(left) === "exports";
  return isExports ? right : null;
}

/** The values of the names that a script declares once, and to which it assigns nothing later. */
type Names = ReadonlyMap<string, Node>;

function namesIn(body: readonly Statement[]): Names {
  const names = new Map<string, Node>();
  const changed = new Set<string>();
  const declare = (name: string, value: Node): void => {
    if (names.has(name)) changed.add(name);
    names.set(name, value);
  };
  for (const node of within(body, () => true)) {
    if (node.type === "VariableDeclarator" && node.id.type === "Identifier" && node.init)
      declare(node.id.name, node.init);
    if (node.type === "FunctionDeclaration" && node.id) declare(node.id.name, node);
    if (node.type !== "AssignmentExpression") continue;
    let target: { readonly type: string } = node.left;
    while (target.type === "MemberExpression")
      target = (target as Extract<Expression, { type: "MemberExpression" }>).object;
    if (target.type === "Identifier") changed.add((target as { type: string; name: string }).name);
  }
  for (const name of changed) names.delete(name);
  return names;
}

type Part =
  Node | Extract<Statement, { type: "VariableDeclaration" }>["declarations"][number] | { type: "Other" };

/** The nodes in a part of the tree, without those below a node that `enters` refuses. */
function* within(part: unknown, enters: (node: Part) => boolean): Generator<Part> {
  if (typeof part !== "object" || part === null) return;
  if (!Array.isArray(part)) {
    // Every object of the tree with a type is a node. Positions and comments are of no use here.
    if (!("type" in part) || !("start" in part)) return;
    yield part as Part;
    if (!enters(part as Part)) return;
  }
  for (const [key, value] of Object.entries(part))
    if (!key.endsWith("Comments")) yield* within(value, enters);
}

/** References that lead to references. A circle of them ends. */
const MOST_STEPS = 12;

/** The objects that an expression may give, one for each case; null if they cannot be read. */
function objectsOf(node: Node, names: Names, steps = MOST_STEPS): readonly ObjectExpression[] | null {
  if (steps === 0) return null;
  const follow = (next: Node): readonly ObjectExpression[] | null => objectsOf(next, names, steps - 1);
  switch (node.type) {
    case "ObjectExpression":
      return [node];
    case "Identifier": {
      const value = names.get(node.name);
      return value ? follow(value) : null;
    }
    case "TSAsExpression":
    case "TSSatisfiesExpression":
    case "TSNonNullExpression":
      return follow(node.expression);
    case "AwaitExpression":
      return follow(node.argument);
    case "ConditionalExpression":
      return together([node.consequent, node.alternate].map(follow));
    case "ArrowFunctionExpression":
    case "FunctionExpression":
    case "FunctionDeclaration":
      return together(returnsOf(node.body).map(follow));
    case "CallExpression": {
      // `defineConfig` returns its argument, and wrappers such as `withMDX` add to it.
      const [argument] = node.arguments;
      return argument && /^(?:define|with)/.test(nameOf(node.callee)) ? follow(argument as Node) : null;
    }
    default:
      return null;
  }
}

function together(
  cases: readonly (readonly ObjectExpression[] | null)[],
): readonly ObjectExpression[] | null {
  const known = cases.filter((objects) => objects !== null);
  return cases.length > 0 && known.length === cases.length ? known.flat() : null;
}

function returnsOf(body: Node): Node[] {
  if (body.type !== "BlockStatement") return [body];
  const isFunction = ({ type }: Part): boolean => /Function|Method/.test(type);
  return Array.from(within(body.body, (node) => !isFunction(node))).flatMap((node) =>
    node.type === "ReturnStatement" && node.argument ? [node.argument] : [],
  );
}

/** The last name of an expression such as `module.exports`, `defineConfig` or `withMDX({})`. */
function nameOf(node: { readonly type: string }): string {
  const named = node as Expression;
  if (named.type === "Identifier") return named.name;
  if (named.type === "MemberExpression") return nameOf(named.property);
  return named.type === "CallExpression" ? nameOf(named.callee) : "";
}

/** The setting if it is the same in each of several cases. */
function inAll(objects: readonly ObjectExpression[], path: readonly string[], names: Names): Setting {
  const [first = COMPUTED, ...others] = objects.map((object) => settingOf(object, path, names));
  const isSame = others.every(
    (other) =>
      other.kind === first.kind &&
      (other.kind !== "text" || first.kind !== "text" || other.text === first.text),
  );
  return isSame ? first : COMPUTED;
}

/** The last property of a name counts. */
function settingOf(object: ObjectExpression, path: readonly string[], names: Names): Setting {
  const [key, ...rest] = path;
  for (const property of object.properties.toReversed()) {
    if (property.type === "SpreadElement") {
      const objects = objectsOf(property.argument, names);
      const setting = objects ? inAll(objects, path, names) : COMPUTED;
      if (setting.kind !== "absent") return setting;
      continue;
    }
    const name = "value" in property.key ? property.key.value : nameOf(property.key);
    if (property.computed && property.key.type !== "StringLiteral") return COMPUTED;
    if (name !== key) continue;
    return property.type === "ObjectMethod" ? COMPUTED : valueOf(property.value as Expression, rest, names);
  }
  return { kind: "absent" };
}

function valueOf(node: Node, path: readonly string[], names: Names): Setting {
  const objects = objectsOf(node, names);
  if (objects) return path.length > 0 ? inAll(objects, path, names) : { kind: "object" };
  const text = path.length > 0 ? null : textOf(node, names);
  return text === null ? COMPUTED : { kind: "text", text };
}

function textOf(node: Node, names: Names, steps = MOST_STEPS): string | null {
  if (steps === 0) return null;
  if (node.type === "StringLiteral") return node.value;
  if (node.type === "TemplateLiteral" && node.expressions.length === 0)
    return node.quasis[0]?.value.cooked ?? null;
  if (node.type === "TSAsExpression" || node.type === "TSSatisfiesExpression")
    return textOf(node.expression, names, steps - 1);
  const value = node.type === "Identifier" ? names.get(node.name) : undefined;
  return value ? textOf(value, names, steps - 1) : null;
}
