// Finds comments and strings in source text, well enough for prose: one small lexer for each family of languages.

/** The comments of a file: `{ marker, line, end, column, trailing, lines: [{ line, text }] }`, in their order. */
export function tokens(path, source) {
  return lex(path, source).filter(({ type }) => type === "comment");
}

/** The strings of a file that people may read: `{ text, line, isTitle }`. An expression within a template is "…". */
export function strings(path, source) {
  return lex(path, source).filter(({ type }) => type === "string");
}

const LEXERS = [
  [/\.(m?js|cjs|ts)$/, scriptSyntax],
  [/\.rs$/, rustSyntax],
  [/\.(sh|py|toml)$|(^|\/)(Makefile|run)$/, hashSyntax],
  [/\.html$/, (source) => enclosed(source, /<!--([^]*?)-->/g)],
  [/\.css$/, (source) => enclosed(source, /\/\*([^]*?)\*\//g)],
];

export const isRead = (path) => path.endsWith(".md") || LEXERS.some(([name]) => name.test(path));

function lex(path, source) {
  const syntax = LEXERS.find(([name]) => name.test(path))?.[1];
  if (!syntax) return [];
  const lineOf = lineFinder(source);
  return syntax(source).map((token) => locate(source, lineOf, token));
}

function lineFinder(source) {
  const starts = [0];
  for (let at = source.indexOf("\n"); at !== -1; at = source.indexOf("\n", at + 1)) starts.push(at + 1);
  return (offset) => {
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle] <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - starts[low] };
  };
}

function locate(source, lineOf, { type, start, end, marker, text, isTitle }) {
  const { line, column } = lineOf(start);
  if (type === "string") return { type, line, text, isTitle };
  const trailing = source.slice(start - column, start).trim() !== "";
  const lines = text.split("\n").map((part, index) => ({
    line: line + index,
    text: marker === "/*" ? part.replace(/^\s*\*? ?/, "").replace(/\s+$/, "") : part.replace(/^[/!]? ?/, ""),
  }));
  return { type, marker, line, end: lineOf(Math.max(start, end - 1)).line, column, trailing, lines };
}

function enclosed(source, pattern) {
  return [...source.matchAll(pattern)].map(({ 0: all, 1: text, index }) => ({ type: "comment", marker: "/*", start: index, end: index + all.length, text }));
}

/** After these a slash begins a regular expression, else it divides. */
const BEFORE_EXPRESSION = /(?:[=(,:[!&|?{};+\-*%<>~^]|\b(?:return|typeof|case|in|of|await|yield|else|do))\s*$/;

function scriptSyntax(source) {
  const found = [];
  const pattern = /\/\/[^\n]*|\/\*[^]*?\*\/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`|\//g;
  let match;
  while ((match = pattern.exec(source))) {
    const { 0: all, index: start } = match;
    const end = start + all.length;
    const before = source.slice(Math.max(0, start - 60), start);
    if (all.startsWith("//")) found.push({ type: "comment", marker: "//", start, end, text: all.slice(2) });
    else if (all.startsWith("/*")) found.push({ type: "comment", marker: "/*", start, end, text: all.replace(/^\/\*[*!]?/, "").replace(/\*\/$/, "") });
    else if (all === "/") {
      if (!BEFORE_EXPRESSION.test(before) && before.trim() !== "") continue;
      const expression = /\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\//y;
      expression.lastIndex = start;
      if (expression.test(source)) pattern.lastIndex = expression.lastIndex;
    } else {
      const isTemplate = all === "`";
      const text = isTemplate ? template(source, start) : { end, text: all.slice(1, -1).replace(/\\(.)/g, "$1") };
      found.push({ type: "string", start, text: text.text, isTitle: /\b(?:test|it|describe|suite)(?:\.\w+)?\(\s*$/.test(before) });
      pattern.lastIndex = text.end;
    }
  }
  return found;
}

/** A template: its text with "…" for each expression, and its end. */
function template(source, start) {
  let text = "";
  let at = start + 1;
  while (at < source.length && source[at] !== "`") {
    if (source[at] === "\\") {
      text += source[at + 1];
      at += 2;
    } else if (source.startsWith("${", at)) {
      text += "…";
      at = expressionEnd(source, at + 2);
    } else text += source[at++];
  }
  return { text: text.replaceAll("\n", " "), end: at + 1 };
}

function expressionEnd(source, from) {
  let depth = 1;
  for (let at = from; at < source.length; at += 1) {
    if (source[at] === "`") at = template(source, at).end - 1;
    else if (source[at] === '"' || source[at] === "'") at = closing(source, at);
    else if (source[at] === "{") depth += 1;
    else if (source[at] === "}" && --depth === 0) return at + 1;
  }
  return source.length;
}

function closing(source, start) {
  for (let at = start + 1; at < source.length && source[at] !== "\n"; at += 1) {
    if (source[at] === "\\") at += 1;
    else if (source[at] === source[start]) return at;
  }
  return start;
}

function rustSyntax(source) {
  const found = [];
  const pattern = /\/\/[^\n]*|\/\*[^]*?\*\/|\bb?r(#*)"[^]*?"\1|"(?:\\[^]|[^"\\])*"|'(?:\\[^\n]+?|[^'\\\n])'/g;
  for (const { 0: all, index: start } of source.matchAll(pattern)) {
    const end = start + all.length;
    if (all.startsWith("//")) found.push({ type: "comment", marker: /^\/\/[/!]?/.exec(all)[0], start, end, text: all.slice(2) });
    else if (all.startsWith("/*")) found.push({ type: "comment", marker: "/*", start, end, text: all.slice(2, -2) });
    else if (all.startsWith('"')) {
      const text = all.slice(1, -1).replace(/\\\n\s*/g, "").replace(/\\(.)/g, "$1").replace(/\{[^{}]*\}/g, "…").replaceAll("\n", " ");
      found.push({ type: "string", start, text, isTitle: false });
    }
  }
  return found;
}

/** Languages with "#" for comments. A "#" within a word, or behind an opened quote, is none. */
function hashSyntax(source) {
  const found = [];
  let start = 0;
  for (const line of source.split("\n")) {
    const pattern = /"""|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|(?:^|(?<=[\s;@]))#+!?/g;
    let match;
    while ((match = pattern.exec(line))) {
      const from = start + match.index;
      if (match[0].startsWith("#")) {
        if (!match[0].endsWith("!")) found.push({ type: "comment", marker: "#", start: from, end: start + line.length, text: line.slice(match.index + match[0].length) });
        break;
      }
      if (match[0] !== '"""') found.push({ type: "string", start: from, text: match[0].slice(1, -1), isTitle: false });
      else {
        found.push({ type: "comment", marker: "#", start: from, end: start + line.length, text: line.slice(match.index + 3).replace(/"""$/, "") });
        break;
      }
    }
    start += line.length + 1;
  }
  return found;
}
