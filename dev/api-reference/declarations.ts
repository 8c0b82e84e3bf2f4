import { fileURLToPath } from "node:url";
import {
  isArrowFunction,
  isClassDeclaration,
  isConstructorDeclaration,
  isInterfaceDeclaration,
  isPrivateIdentifier,
  isVariableDeclaration,
} from "typescript/unstable/ast/is";
import type { Node } from "typescript/unstable/ast";
import { API, type Project, SymbolFlags } from "typescript/unstable/sync";
import { type DocComment, readDocComment } from "./doc-comment.ts";

/** An export of a module, or a member of one. */
export interface Declaration {
  readonly name: string;
  /** The declarations as TypeScript writes them, without comments and bodies: one for each overload. */
  readonly signatures: readonly string[];
  readonly doc: DocComment;
  /** The members of a class or an interface, or the strings of a union. */
  readonly members: readonly Declaration[];
}

const ROOT = new URL("../../", import.meta.url);
const pathOf = (file: string): string => fileURLToPath(new URL(file, ROOT));

/**
 * The exports of a module, in the order of its export statements.
 *
 * @param realm the folder of the `tsconfig.json` that compiles it
 */
export function exportedDeclarations(realm: string, file: string): Declaration[] {
  const api = new API({ cwd: pathOf(".") });
  try {
    const [project] = api.updateSnapshot({ openProjects: [pathOf(`${realm}/tsconfig.json`)] }).getProjects();
    const source = project?.program.getSourceFile(pathOf(file));
    const module = source && project?.checker.getSymbolAtLocation(source);
    if (!project || !module) throw new Error(`${file} is not a module of ${realm}/tsconfig.json.`);
    return project.checker.getExportsOfModule(module).map((exported) => {
      const isAlias = (exported.flags & SymbolFlags.Alias) !== 0;
      const { name, declarations } = isAlias ? project.checker.getAliasedSymbol(exported) : exported;
      return declarationOf(
        name,
        declarations.map((handle) => resolved(handle, project)),
      );
    });
  } finally {
    api.close();
  }
}

function resolved(handle: { resolve(project: Project): Node | undefined }, project: Project): Node {
  const node = handle.resolve(project);
  if (!node) throw new Error("A declaration has no source");
  return node;
}

/** @param nodes the overloads, or the one declaration */
function declarationOf(name: string, nodes: readonly Node[]): Declaration {
  const [first] = nodes as [Node];
  const overloads = nodes.filter((node) => !("body" in node && node.body));
  // The type that a property is read as, not the one it is set to.
  const visible = overloads.length > 0 ? overloads : [first];
  const documented = isVariableDeclaration(first) ? first.parent.parent : first;
  const doc = readDocComment(documented.jsDoc?.at(-1)?.getText() ?? "");
  const container = isClassDeclaration(first) || isInterfaceDeclaration(first) ? first : null;
  return {
    name,
    doc,
    signatures: container ? [headOf(container)] : visible.map(signatureOf),
    members: container ? membersOf(container.members) : stringsOf(first),
  };
}

const headOf = (container: Node): string => textOf(container).replace(/\s*\{[^]*/, "");

function membersOf(members: Iterable<Node & { readonly name?: Node | undefined }>): Declaration[] {
  const overloads = new Map<string, Node[]>();
  for (const member of members) {
    if (member.name && isPrivateIdentifier(member.name)) continue;
    const name = isConstructorDeclaration(member) ? "constructor" : (member.name?.getText() ?? "");
    overloads.set(name, [...(overloads.get(name) ?? []), member]);
  }
  return [...overloads]
    .map(([name, nodes]) => declarationOf(name, nodes))
    .filter(({ doc }) => !doc.tags.some(({ name }) => name === "internal"));
}

/** The members of a union of strings, each with the comment above it. */
const stringsOf = (node: Node): Declaration[] =>
  [...node.getText().matchAll(/(\/\*\*(?:(?!\*\/)[^])*\*\/)\s*\|\s*("\w+")/g)].map(
    ([, comment = "", name = ""]) => ({
      name,
      signatures: [name],
      doc: readDocComment(comment),
      members: [],
    }),
  );

/** A constant or property that holds a function is written as one. */
function signatureOf(node: Node): string {
  const { initializer, body, name } = node as Node & { initializer?: Node; body?: Node; name?: Node };
  if (initializer && isArrowFunction(initializer)) {
    const head = textBefore(initializer, initializer.equalsGreaterThanToken).replace(/^async /, "");
    return `${isVariableDeclaration(node) ? "function " : ""}${name?.getText()}${head}`;
  }
  return (body ? textBefore(node, body) : textOf(node)).replace(/;$/, "");
}

const textBefore = (node: Node, end: Node): string =>
  bare(node.getSourceFile().text.slice(node.getStart(), end.getStart())).trim();

const textOf = (node: Node): string => bare(node.getText());

/** The code without comments. */
const bare = (text: string): string =>
  text
    .replace(/^\s*\/\/.*\n/gm, "")
    .replace(/\/\*\*[^]*?\*\/\s*/g, "")
    .replace(/^export /, "");
