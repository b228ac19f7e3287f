// Mounts trees of the components. Each scenario resolves to what the test compares.
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Client } from "socketio-wasm";
import { until } from "../../../support/until.mjs";
import { COMPONENTS, Connection, Last, Subscription, effects, heard, mounted } from "./news.jsx";

const url = new URLSearchParams(location.search).get("server");
const ALL = Object.keys(COMPONENTS);

const itemsOf = (name) => [...document.querySelectorAll(`#${name} li`)].map(({ textContent }) => textContent);

// Renders the components of these names.
function show(root, client, names) {
  const children = names.map((name) => {
    const Component = COMPONENTS[name];
    return <Component key={name} client={client} />;
  });
  root.render(<StrictMode>{children}</StrictMode>);
  return until(`the effects of ${names}`, () => mounted.size === names.length && names.every((name) => mounted.has(name)));
}

function newRoot() {
  return createRoot(document.body.appendChild(document.createElement("main")));
}

// Chromium prints a warning about a websocket that is closed while it opens.
const upgraded = (client) => until("the upgrade", () => client.transport() === "websocket");

async function connected() {
  const client = new Client();
  await client.connect(url);
  await upgraded(client);
  return client;
}

// Mounts and unmounts all components while the server emits news: before, during and after each mount.
async function mountAgainAndAgain(times) {
  const client = await connected();
  const expected = [];
  const wrong = [];
  client.onAny((event, item) => expected.push(...ALL.filter((name) => mounted.has(name)).map((name) => [name, item])));
  for (let round = 1; round <= times; round += 1) {
    const item = `${round} to mounted components`;
    client.emit("publish", `${round} before the mount`);
    const root = newRoot();
    const shown = show(root, client, ALL);
    client.emit("publish", `${round} during the mount`);
    await shown;
    if (client.listeners("news").length !== ALL.length) wrong.push([round, "listeners", client.listeners("news").length]);
    await client.call("publish", item); // the news comes before the answer
    await until("the item in all lists", () => ALL.every((name) => itemsOf(name).includes(item)));
    for (const name of ALL) if (itemsOf(name).length !== new Set(itemsOf(name)).size) wrong.push([round, name, itemsOf(name)]);
    root.unmount();
    client.emit("publish", `${round} during the end`);
    await until("the end of the effects", () => mounted.size === 0);
    await client.call("publish", `${round} after the end`);
  }
  const { length } = client.listeners("news");
  await client.disconnect();
  const toAll = expected.filter(([, item]) => item.endsWith("to mounted components")).length;
  return { expected, heard, wrong, toAll, listeners: length, effects: effects.begun };
}

// Mounts two components, unmounts and mounts the first, then the second. Resolves to who heard each item.
async function takeTurns() {
  const client = await connected();
  const root = newRoot();
  const audiences = [];
  const turns = [["Headlines", "Ticker"], ["Ticker"], ["Headlines", "Ticker"], ["Headlines"], []];
  for (const [turn, names] of turns.entries()) {
    await show(root, client, names);
    const { length } = heard;
    await client.call("publish", `${turn} to ${names}`);
    audiences.push(heard.slice(length).map(([name]) => name).toSorted());
  }
  await client.disconnect();
  return audiences;
}

// Mounts two components that add the same function, and unmounts the first. Resolves to the number of calls for each item.
async function shareOneFunction() {
  const client = await connected();
  const root = newRoot();
  let calls = 0;
  const listener = () => void (calls += 1);
  const counts = [];
  for (const keys of [["a", "b"], ["b"], ["a", "b"], ["a"], []]) {
    const children = keys.map((key) => <Subscription key={key} client={client} listener={listener} />);
    // Its effect runs after those of the others.
    await new Promise((resolve) => root.render(<StrictMode>{[...children, <Last key={`after ${keys}`} onMount={resolve} />]}</StrictMode>));
    calls = 0;
    await client.call("publish", `to ${keys}`);
    counts.push(calls);
  }
  const { length } = client.listeners("news");
  await client.disconnect();
  return { counts, listeners: length };
}

// Mounts and unmounts a component that connects. Resolves to the codes of the errors, and the last state.
async function connectInAnEffect(times) {
  const client = new Client();
  const codes = [];
  const answers = [];
  const shows = (state) => until(`the state ${state}`, () => document.getElementById("state")?.textContent === state);
  for (let round = 1; round <= times; round += 1) {
    const root = newRoot();
    root.render(
      <StrictMode>
        <Connection client={client} url={url} onError={({ code }) => codes.push(code)} />
      </StrictMode>,
    );
    await shows("connected");
    await upgraded(client);
    answers.push(await client.call("publish", `${round}`));
    root.unmount();
    await until("the disconnection", () => client.state === "disconnected");
  }
  return { answers, codes, listeners: client.listeners("state").length };
}

globalThis.scenarios = { mountAgainAndAgain, takeTurns, shareOneFunction, connectInAnEffect };
