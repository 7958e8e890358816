// The shape bar: short flat functions, no any, no !, few casts, every export explained: node scripts/shape.mjs [FOLDER]
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lineAt, readSources } from './support/sources.mjs';

const mostLines = 50;
const deepest = 3;
const mostCastsPerThousand = 3;

const nesting = new Set([
  'IfStatement',
  'ForStatement',
  'ForInStatement',
  'ForOfStatement',
  'WhileStatement',
  'DoWhileStatement',
  'SwitchStatement',
  'TryStatement',
]);
const declarations = /^(Function|Class|Variable|TSInterface|TSTypeAlias|TSEnum)Declaration$/;

const folder = process.argv[2] ?? join(dirname(fileURLToPath(import.meta.url)), '../src');
const sources = readSources(folder);
const functions = [];
const faults = [];
const casts = [];
for (const source of sources) look(source);
judgeCasts();
report();

function look(source) {
  visit(source.program, { source, depth: 0, parent: null });
  for (const statement of source.program.body) judgeExport(source, statement);
}

function visit(node, { source, depth, parent }) {
  judge(source, node);
  const body = bodyOf(node);
  if (body !== null) measure(source, node, body);
  // `else if` reads as one ladder, not as nesting.
  const ladder = node.type === 'IfStatement' && parent?.type === 'IfStatement' && parent.alternate === node;
  const inner = body === null ? depth + (nesting.has(node.type) && !ladder ? 1 : 0) : 0;
  if (inner > deepest && nesting.has(node.type))
    fault(source, node, `nesting of ${inner}, at most ${deepest}: take the inside out into a function`);
  for (const child of childrenOf(node)) visit(child, { source, depth: inner, parent: node });
}

function childrenOf(node) {
  return Object.values(node)
    .flat()
    .filter((value) => typeof value === 'object' && value !== null && typeof value.type === 'string');
}

function bodyOf(node) {
  const isFunction = /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(node.type);
  return isFunction && node.body?.type === 'BlockStatement' ? node.body : null;
}

function measure(source, node, body) {
  const lines = Math.max(1, lineAt(source.text, body.end) - lineAt(source.text, body.start) - 1);
  functions.push(lines);
  if (lines > mostLines) fault(source, node, `a function of ${lines} lines, at most ${mostLines}: divide it`);
}

function judge(source, node) {
  if (node.type === 'TSAnyKeyword') fault(source, node, '`any`: say what it is, or `unknown`');
  if (node.type === 'TSNonNullExpression') fault(source, node, '`!`: look whether it is there');
  if (node.type === 'TSAsExpression' && node.typeAnnotation.typeName?.name !== 'const')
    casts.push({ source, node });
}

function judgeExport(source, statement) {
  const declared = statement.type === 'ExportNamedDeclaration' ? statement.declaration : null;
  if (!declarations.test(declared?.type ?? '')) return;
  const name = declared.id?.name ?? declared.declarations?.[0]?.id?.name ?? 'it';
  if (!isExplained(source, statement))
    fault(source, statement, `${name} is exported without a JSDoc sentence`);
}

/** Nothing but blanks stands between its JSDoc and the statement; an overload is explained by the first. */
function isExplained({ comments, text }, statement) {
  return comments.some(
    ({ type, value, end }) =>
      type === 'Block' &&
      value.startsWith('*') &&
      end <= statement.start &&
      text.slice(end, statement.start).trim() === '',
  );
}

function judgeCasts() {
  const code = sources.reduce((sum, source) => sum + codeLines(source), 0);
  const rate = (casts.length / Math.max(1, code)) * 1000;
  console.log(`${code} lines of code, ${casts.length} casts (${rate.toFixed(1)} in a thousand lines)`);
  if (rate <= mostCastsPerThousand) return;
  for (const { source, node } of casts)
    fault(source, node, `a cast; more than ${mostCastsPerThousand} in a thousand lines: parse at the edge`);
}

/** Lines that hold more than blanks and comments. */
function codeLines({ text, comments }) {
  const bare = comments.reduceRight(
    (rest, { start, end }) =>
      rest.slice(0, start) + rest.slice(start, end).replace(/[^\n]/g, ' ') + rest.slice(end),
    text,
  );
  return bare.split('\n').filter((line) => line.trim() !== '').length;
}

function fault({ path, text }, node, what) {
  faults.push(`src/${path}:${lineAt(text, node.start)}: ${what}`);
}

function report() {
  const sorted = functions.sort((a, b) => a - b);
  const at = (part) => sorted[Math.floor(sorted.length * part)] ?? 0;
  for (const one of faults) console.log(one);
  console.log(`${sorted.length} functions, lines p50 ${at(0.5)}, p90 ${at(0.9)}; ${faults.length} faults`);
  process.exit(faults.length === 0 ? 0 : 1);
}
