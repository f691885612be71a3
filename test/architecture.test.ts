import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

import fastGlob from 'fast-glob';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

import manifest from '../package.json' with { type: 'json' };

const SRC = fileURLToPath(new URL('../src', import.meta.url));
const CONTRIBUTING = fileURLToPath(new URL('../CONTRIBUTING.md', import.meta.url));

/** Part of src (a folder, or a file directly in it) → the parts that it may import, apart from itself. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  model: [],
  sources: ['model'],
  envelope: ['model'],
  dialects: ['model'],
  signatures: ['model'],
  snapshots: ['model'],
  tunnels: ['model'],
  timeline: ['model'],
  counterparts: ['model'],
  diagnosis: ['model'],
  checklist: ['model'],
  coverage: ['model'],
  state: ['model'],
  report: ['model'],
  reporters: ['model'],
  catalog: ['model'],
  authoring: ['model', 'catalog', 'signatures'],
  'package-files.ts': [],
  'rule-set.ts': ['model', 'package-files.ts', 'signatures', 'diagnosis', 'catalog'],
  'following.ts': ['model', 'sources', 'intake', 'timeline'],
  'analyze-options.ts': ['model'],
  intake: ['model', 'sources', 'envelope'],
  'change-reporter.ts': ['model', 'analyze-options.ts', 'findings.ts', 'timeline'],
  'findings.ts': ['model', 'diagnosis', 'counterparts', 'timeline'],
  'time-window.ts': ['model'],
  'log-span.ts': ['model'],
  excerpt: ['model', 'envelope', 'dialects'],
  'reading.ts': ['model', 'rule-set.ts', 'analyze-options.ts', 'intake', 'excerpt', 'time-window.ts', 'log-span.ts', 'sources', 'envelope', 'dialects', 'snapshots', 'diagnosis', 'coverage'],
  threads: ['model', 'rule-set.ts', 'analyze-options.ts', 'reading.ts', 'sources', 'envelope'],
  'pipeline.ts': ['model', 'rule-set.ts', 'findings.ts', 'change-reporter.ts', 'analyze-options.ts', 'following.ts', 'reading.ts', 'threads', 'sources', 'envelope', 'timeline', 'tunnels', 'diagnosis', 'checklist'],
  'index.ts': ['model', 'package-files.ts', 'pipeline.ts', 'report'],
  cli: ['model', 'package-files.ts', 'pipeline.ts', 'report', 'reporters', 'state', 'catalog', 'authoring'],
};

/** Package → the only files that may import it, so that replacing it changes few of them. */
const FENCED: Readonly<Record<string, readonly string[]>> = {
  'json-rules-engine': ['diagnosis/engine.ts'],
  luxon: ['envelope/time/zone.ts', 'cli/time-options.ts'],
  'fast-glob': ['sources/expand.ts'],
  'modern-tar': ['sources/tar.ts'],
  yauzl: ['sources/zip.ts'],
  picocolors: ['reporters/layout.ts'],
  zod: ['catalog/shapes.ts', 'catalog/json-schema.ts', 'report/shape.ts'],
  commander: ['cli/program.ts', 'cli/main.ts'],
};

/** Parts that may use Node's own modules; the middle of the pipeline works on what it is given. */
const MAY_USE_NODE = ['sources', 'state', 'catalog', 'authoring', 'package-files.ts', 'analyze-options.ts', 'reading.ts', 'threads', 'pipeline.ts', 'cli'];

const MOST_LINES = 300;
const MOST_LINES_OF_FUNCTION = 60;

interface SourceFile {
  readonly path: string;
  readonly part: string;
  readonly text: string;
  readonly tree: ts.SourceFile;
}

const files: readonly SourceFile[] = fastGlob.sync('**/*.ts', { cwd: SRC }).sort().map((path) => {
  const text = readFileSync(join(SRC, path), 'utf8');
  return { path, part: partOf(path), text, tree: ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true) };
});

const imports = files.flatMap((file) => specifiersOf(file.tree).map((specifier) => ({ file, specifier })));
const ours = imports.filter(({ specifier }) => specifier.startsWith('.'));
const packages = imports.filter(({ specifier }) => !specifier.startsWith('.') && !specifier.startsWith('node:'));

/** File → the files that it needs to load. */
const needs = new Map(files.map(({ path, tree }) => [path, neededBy(tree).map((specifier) => join(dirname(path), specifier).replace(/\.js$/, '.ts'))]));

describe('the top level', () => {
  it('holds what the README, CONTRIBUTING and the package manager need, and nothing that a tool left behind', () => {
    const entries = fastGlob.sync(['*', '.*'], { cwd: join(SRC, '..'), onlyFiles: false, ignore: ['.git', 'dist', 'node_modules', 'corpus', '*.tgz'] });
    expect(entries.sort()).toEqual([
      ...['.ci', '.gitignore', 'CHANGELOG.md', 'CONTRIBUTING.md', 'LICENSE', 'README.md', 'bin', 'build', 'package-lock.json', 'package.json'],
      ...['report.schema.json', 'rules', 'samples', 'src', 'test', 'tsconfig.build.json', 'tsconfig.json', 'vitest.config.ts'],
    ]);
  });
});

describe('the source', () => {
  it('is made of the parts that this test knows', () => {
    expect([...new Set(files.map(({ part }) => part))].sort()).toEqual(Object.keys(MAY_IMPORT).sort());
  });

  it('flows in one direction: a stage imports the model and no other stage', () => {
    const wrong = ours.flatMap(({ file, specifier }) => {
      const target = partOf(relative(SRC, join(SRC, dirname(file.path), specifier)).replace(/\.js$/, '.ts'));
      return target === file.part || MAY_IMPORT[file.part]?.includes(target) ? [] : [`${file.path} imports ${specifier}`];
    });
    expect(wrong).toEqual([]);
  });

  it('has no files that need each other to load', () => {
    expect(inCycles(needs)).toEqual([]);
  });

  it('has one meaning for each exported name', () => {
    const places = new Map<string, string[]>();
    for (const { path, tree } of files) for (const name of exportsOf(tree)) places.set(name, [...(places.get(name) ?? []), path]);
    expect([...places].filter(([, paths]) => paths.length > 1)).toEqual([]);
  });

  it('is described part by part in CONTRIBUTING.md, with what each may import', () => {
    const rows = [...readFileSync(CONTRIBUTING, 'utf8').matchAll(/^\| `src\/([\w.-]+)` \| [^|]+ \| ([^|]+) \|$/gm)].map(([, part = '', cell = '']) => [part, cell.replace(/ \([^)]*\)/g, '').replaceAll('`', '').split(', ').sort()]);
    const packagesOf = (part: string): string[] => Object.keys(FENCED).filter((name) => FENCED[name]?.some((path) => partOf(path) === part));
    const allowed = Object.entries(MAY_IMPORT).map(([part, others]) => [part, others.length === 0 ? ['nothing'] : [...others, ...packagesOf(part)].sort()]);
    expect(Object.fromEntries(rows)).toEqual(Object.fromEntries(allowed));
  });

  describe.each(['envelope', 'timeline'])('%s', (part) => {
    const own = files.map(({ path }) => path).filter((path) => path.startsWith(`${part}/`));

    it('has a map that names each of its files once', () => {
      const named = readFileSync(join(SRC, part, 'README.md'), 'utf8').split(/^## /m).flatMap((group) => {
        const [, folder = ''] = /^`(\w+)`/.exec(group) ?? [];
        return [...group.matchAll(/^- `([\w-]+)`/gm)].map(([, name]) => join(part, folder, `${name}.ts`));
      });
      expect(named.sort()).toEqual([...own].sort());
    });

    it('has no folders that need each other to load', () => {
      const folders = new Map<string, string[]>();
      for (const path of own) folders.set(dirname(path), [...(folders.get(dirname(path)) ?? []), ...(needs.get(path) ?? []).map(dirname).filter((folder) => folder !== dirname(path))]);
      expect(inCycles(folders)).toEqual([]);
    });
  });

  it('keeps each package behind the files that stand for it', () => {
    const wrong = packages.filter(({ file, specifier }) => !FENCED[specifier]?.includes(file.path));
    expect(wrong.map(({ file, specifier }) => `${file.path} imports ${specifier}`)).toEqual([]);
    expect([...new Set(packages.map(({ specifier }) => specifier))].sort()).toEqual(Object.keys(manifest.dependencies).sort());
  });

  it('touches files and streams only at its ends', () => {
    const wrong = imports.filter(({ file, specifier }) => specifier.startsWith('node:') && !MAY_USE_NODE.includes(file.part));
    expect(wrong.map(({ file, specifier }) => `${file.path} imports ${specifier}`)).toEqual([]);
  });

  it('knows the process, the console, the clock and chance in cli only', () => {
    const wrong = files.filter(({ part }) => part !== 'cli').flatMap(({ path, tree }) => worldlyUses(tree).map((use) => `${path}: ${use}`));
    expect(wrong).toEqual([]);
  });

  it('has one way to mark private members', () => {
    expect(files.filter(({ tree }) => nodesOf(tree).some(ts.isPrivateIdentifier)).map(({ path }) => path)).toEqual([]);
  });

  it(`has no file of more than ${MOST_LINES} lines`, () => {
    const long = files.map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 })).filter(({ lines }) => lines > MOST_LINES);
    expect(long).toEqual([]);
  });

  it(`has no function of more than ${MOST_LINES_OF_FUNCTION} lines`, () => {
    const long = files.flatMap(({ path, tree }) => nodesOf(tree).filter(ts.isFunctionLike).map((node) => `${path}:${lineOf(tree, node.getStart())} ${lineOf(tree, node.end) - lineOf(tree, node.getStart()) + 1}`));
    expect(long.filter((place) => Number(place.split(' ').at(-1)) > MOST_LINES_OF_FUNCTION)).toEqual([]);
  });
});

const lineOf = (tree: ts.SourceFile, at: number): number => tree.getLineAndCharacterOfPosition(at).line + 1;

function partOf(path: string): string {
  return path.split('/')[0] ?? path;
}

/** All modules that a file imports or re-exports, including types and dynamic imports. */
function specifiersOf(tree: ts.SourceFile): string[] {
  return nodesOf(tree).flatMap((node) => {
    if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier !== undefined) return [(node.moduleSpecifier as ts.StringLiteral).text];
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) return node.arguments.filter(ts.isStringLiteral).map(({ text }) => text);
    return [];
  });
}

/** Modules of ours that a file imports or re-exports more than types from. */
function neededBy(tree: ts.SourceFile): string[] {
  return tree.statements.flatMap((statement) => {
    const isNeeded = ts.isImportDeclaration(statement) ? statement.importClause?.isTypeOnly !== true : ts.isExportDeclaration(statement) && !statement.isTypeOnly;
    const specifier = isNeeded ? (statement as ts.ImportDeclaration).moduleSpecifier : undefined;
    return specifier !== undefined && ts.isStringLiteral(specifier) && specifier.text.startsWith('.') ? [specifier.text] : [];
  });
}

/** The keys from which their values, and those of these in turn, lead back to themselves. */
function inCycles(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const reach = (from: string, seen = new Set<string>()): Set<string> => {
    for (const next of graph.get(from) ?? []) if (!seen.has(next)) reach(next, seen.add(next));
    return seen;
  };
  return [...graph.keys()].filter((key) => reach(key).has(key));
}

/** Names that a file declares and exports; re-exports do not count. */
function exportsOf(tree: ts.SourceFile): string[] {
  return tree.statements.flatMap((statement) => {
    if (!ts.canHaveModifiers(statement) || ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) !== true) return [];
    if (ts.isVariableStatement(statement)) return statement.declarationList.declarations.map(({ name }) => name.getText());
    return (statement as ts.DeclarationStatement).name?.getText() ?? [];
  });
}

/**
 * Uses of the outside world: `process`, `console`, `Date.now`, `Math.random`, `new Date()`, unless a local variable has
 * that name.
 */
function worldlyUses(tree: ts.SourceFile): string[] {
  const nodes = nodesOf(tree);
  const own = new Set(nodes.filter((node) => (ts.isParameter(node) || ts.isVariableDeclaration(node) || ts.isBindingElement(node)) && ts.isIdentifier(node.name)).map((node) => (node as ts.ParameterDeclaration).name.getText()));
  return nodes.flatMap((node) => {
    if (ts.isPropertyAccessExpression(node) && ['Date.now', 'Math.random'].includes(node.getText())) return [node.getText()];
    if (ts.isNewExpression(node) && node.expression.getText() === 'Date' && node.arguments?.length === 0) return ['new Date()'];
    return ts.isIdentifier(node) && ['process', 'console'].includes(node.text) && !own.has(node.text) && !namesMember(node) ? [node.text] : [];
  });
}

/** Is it a member name, such as `this.process`, rather than the global? */
function namesMember({ parent, text }: ts.Identifier): boolean {
  const member = ts.isPropertyAccessExpression(parent) || ts.isMethodDeclaration(parent) || ts.isPropertyAssignment(parent) || ts.isPropertyDeclaration(parent) || ts.isPropertySignature(parent);
  return member && parent.name.getText() === text;
}

function nodesOf(root: ts.Node): ts.Node[] {
  const nodes: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    nodes.push(node);
    ts.forEachChild(node, visit);
  };
  visit(root);
  return nodes;
}
