// Everything that comes from the CRM is put into the page as text, never as HTML.
"use strict";

const csrf = document.body.dataset.csrf;
const carried = new Set(document.body.dataset.carried.split(" "));
const results = document.getElementById("results");
const request = document.getElementById("request");
const send = document.getElementById("send");
let conversation = null;

function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

async function post(path, body) {
  const response = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRF-Token": csrf },
    body: JSON.stringify(body),
  });
  const told = await response.json();
  if (response.status === 401) location.reload();
  if (!response.ok) throw new Error(told.detail);
  return told;
}

function told(value) {
  if (value === null || value === undefined || value === "") return "–";
  if (Array.isArray(value)) return value.map(told).join(", ") || "–";
  // Of a participant, the role: who it was is an id here.
  return typeof value === "object" ? (value.role ?? JSON.stringify(value)) : String(value);
}

function plain(answer) {
  return answer.replace(/\[([^\]]*)\]\(crm:\/\/[^)]*\)/g, "$1").replace(/\*\*([^*]+)\*\*/g, "$1");
}

function row(line) {
  const cells = line.trim().replace(/^\||\|$/g, "").split(/(?<!\\)\|/);
  return cells.map((cell) => cell.trim().replaceAll("\\|", "|"));
}

function tableOf(lines) {
  const frame = element("div", undefined, "wide");
  const table = element("table");
  const head = table.createTHead().insertRow();
  for (const title of row(lines[0])) {
    const cell = element("th", title);
    cell.scope = "col";
    head.append(cell);
  }
  const body = table.createTBody();
  for (const line of lines.slice(2)) body.insertRow().append(...row(line).map((cell) => element("td", cell)));
  // Wider than a phone it scrolls, which a keyboard can do only where it can go.
  frame.tabIndex = 0;
  frame.append(table);
  return frame;
}

function answered(answer) {
  const part = element("div", undefined, "answer");
  // A table in Markdown is a line of titles, one of dashes, and one a row.
  const tables = /(?:^\|.*\|[ \t]*\n)\|[ :|-]+\|[ \t]*(?:\n\|.*\|[ \t]*)*\n?/gm;
  const text = plain(answer);
  let end = 0;
  for (const found of text.matchAll(tables)) {
    part.append(text.slice(end, found.index).trimEnd(), tableOf(found[0].trim().split("\n")));
    end = found.index + found[0].length;
  }
  part.append(text.slice(end).trimStart());
  return part;
}

// The rule of schema/telling.py.
function isSaidElsewhere(name, kind, values) {
  if (carried.has(name) || name === `${kind}_id`) return true;
  if (!name.endsWith("_id")) return false;
  const stem = name.slice(0, -3);
  return `${stem}_name` in values || `${stem}_label` in values;
}

function showChange(change) {
  const part = element("section");
  part.append(element("h3", `${change.action} ${change.kind} ${change.label}`));
  const table = element("table");
  const head = table.createTHead().insertRow();
  for (const title of ["Field", "Before", "After"]) {
    const cell = element("th", title);
    cell.scope = "col";
    head.append(cell);
  }
  const before = change.before ?? {};
  const after = change.after ?? {};
  const body = table.createTBody();
  const sides = { ...before, ...after };
  for (const name of Object.keys(sides)) {
    if (isSaidElsewhere(name, change.kind, sides)) continue;
    if (told(before[name]) === told(after[name])) continue;
    const row = body.insertRow();
    const title = element("th", name.replaceAll("_", " "));
    title.scope = "row";
    row.append(title, element("td", told(before[name])), element("td", told(after[name])));
  }
  part.append(table, undoButton("Undo this change", `/api/v1/changes/${change.change_id}/undo`));
  return part;
}

function undoButton(title, path) {
  const part = element("div");
  const button = element("button", title, "quiet");
  const outcome = element("p", "", "about");
  outcome.setAttribute("role", "status");
  button.type = "button";
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      const { undone, conflicts } = await post(path, {});
      const left = conflicts.map((each) => `${each.field} of ${each.label} was changed since and is left as it is`);
      outcome.textContent = [`Taken back: ${undone.length}.`, ...left].join(" ");
    } catch (error) {
      outcome.textContent = error.message;
      button.disabled = false;
    }
  });
  part.append(button, outcome);
  return part;
}

function showCalls(calls) {
  const part = element("details");
  part.append(element("summary", `${calls.length} tool call${calls.length === 1 ? "" : "s"}`));
  for (const call of calls) {
    part.append(element("h3", `${call.tool} (${call.effect}, ${call.outcome}, ${Math.round(call.duration_ms)} ms)`));
    part.append(element("pre", JSON.stringify(call.args, null, 1)));
    const result = element("details");
    result.append(element("summary", "Result"), element("pre", JSON.stringify(call.result, null, 1)));
    part.append(result);
  }
  return part;
}

function show(article, result) {
  if (result.understood) article.append(element("p", result.understood, "understood"));
  article.append(answered(result.answer));
  for (const change of result.changes) article.append(showChange(change));
  if (result.changes.length > 1) {
    article.append(undoButton("Undo all of it", `/api/v1/runs/${result.run_id}/undo`));
  }
  if (result.tool_calls.length) article.append(showCalls(result.tool_calls));
  const status = result.status.replaceAll("_", " ");
  article.append(element("p", `${status} · ${result.model} · ${Math.round(result.duration_ms)} ms`, "about"));
}

document.getElementById("ask").addEventListener("submit", async (event) => {
  event.preventDefault();
  const article = element("article");
  article.append(element("h2", request.value));
  const waiting = element("p", "Working on it…", "about");
  article.append(waiting);
  results.prepend(article);
  send.disabled = true;
  try {
    const body = conversation ? { request: request.value, conversation_id: conversation } : { request: request.value };
    const result = await post("/api/v1/ask", body);
    conversation = result.conversation_id;
    waiting.remove();
    show(article, result);
    request.value = "";
  } catch (error) {
    waiting.className = "problem";
    waiting.textContent = error.message;
  } finally {
    send.disabled = false;
    request.focus();
  }
});

request.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) document.getElementById("ask").requestSubmit();
});
