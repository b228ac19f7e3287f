// Reads the prose of a file: comments, test titles, messages, and the paragraphs of Markdown.
import { strings, tokens } from "./lexers.mjs";

/**
 * A paragraph of prose. `kind` is "comment", "title", "message", "markdown", "heading" or "cell". `text` is one line, in which code
 * and addresses are blanked out by "¤"; `raw` is the same line with them; `lineAt(offset)` gives the line of a character.
 */
export function paragraphs(path, source) {
  if (path.endsWith(".md")) return markdown(source.split("\n").map((text, index) => ({ line: index + 1, text })), "markdown");
  return [...comments(path, source), ...messages(path, source)];
}

/** The comment blocks of a file: neighbouring lines of comments that begin in one column are one block. */
export function commentBlocks(path, source) {
  const blocks = [];
  let last;
  for (const token of tokens(path, source)) {
    const { line, column, trailing, marker } = token;
    const isNext = last && !trailing && !last.trailing && last.marker === marker && last.end + 1 === line && last.column === column;
    if (isNext && marker !== "/*") {
      last.lines.push(...token.lines);
      last.end = token.end;
    } else blocks.push((last = { ...token, lines: [...token.lines] }));
  }
  return blocks;
}

function comments(path, source) {
  return commentBlocks(path, source).flatMap(({ lines }) => markdown(lines, "comment"));
}

/** Strings of at least three words: titles of tests, and what is printed or thrown. */
function messages(path, source) {
  return strings(path, source)
    .filter(({ text }) => /\p{L}+[ ,:;]+\p{L}+.* \p{L}+/u.test(text))
    .map(({ text, line, isTitle }) => paragraph(isTitle ? "title" : "message", [{ line, text }]));
}

const FENCE = /^\s*(```|~~~)/;
const ITEM = /^\s*(?:[-*+]|\d+\.)\s+/;
const TAG = /^\s*@\w+\s+(?:\{[^}]*\}\s+)?/;

/** Splits lines into paragraphs, items of lists, headings and cells of tables. Fenced and indented code is left out. */
function markdown(lines, kind) {
  const found = [];
  let open = [];
  let fence = false;
  const close = () => {
    if (open.length > 0) found.push(paragraph(kind, open));
    open = [];
  };
  for (const { line, text } of lines) {
    if (FENCE.test(text)) {
      close();
      fence = !fence;
    } else if (fence || /[│─└├┌▼▶]|[-=]{2}>|<--/.test(text) || (kind === "markdown" && open.length === 0 && /^ {4}/.test(text))) {
      close();
    } else if (/^\s*$/.test(text) || /^\s*\|[\s|:-]+$/.test(text)) {
      close();
    } else if (/^#{1,6} /.test(text)) {
      close();
      found.push(paragraph("heading", [{ line, text: text.replace(/^#+ /, "") }]));
    } else if (/^\s*\|/.test(text)) {
      close();
      for (const cell of text.split(/(?<!\\)\|/)) if (cell.trim()) found.push(paragraph("cell", [{ line, text: cell.trim() }]));
    } else if (ITEM.test(text) || TAG.test(text)) {
      close();
      open.push({ line, text: text.replace(ITEM, "").replace(TAG, "") });
    } else open.push({ line, text: text.trim() });
  }
  close();
  return found;
}

const blank = (match) => "¤".repeat(match.length);

function paragraph(kind, lines) {
  const starts = [];
  let raw = "";
  for (const { line, text } of lines) {
    if (raw) raw += " ";
    starts.push([raw.length, line]);
    raw += text;
  }
  const text = raw
    .replace(/`[^`]*`/g, blank)
    .replace(/\]\([^)\s]*\)/g, blank)
    .replace(/https?:\/\/\S+/g, blank);
  return { kind, raw, text, lineAt: (offset) => starts.findLast(([start]) => start <= offset)[1] };
}
