// Components that show the news of a server. They listen while they are mounted, each in another way that a user may choose.
import { useEffect, useState } from "react";

/** The components whose effects have begun and not ended, and the number of effects that have begun. */
export const mounted = new Set();
export const effects = { begun: 0 };

/** The calls of the components' listeners, in order: the name of the component, and the item. */
export const heard = [];

// The state of a component that shows news, and the function that adds an item to it.
function useItems(name) {
  const [items, setItems] = useState([]);
  const add = (item) => {
    heard.push([name, item]);
    setItems((before) => [...before, item]);
  };
  useEffect(() => {
    effects.begun += 1;
    mounted.add(name);
    return () => mounted.delete(name);
  }, []);
  return [items, add];
}

const List = ({ name, items }) => (
  <ul id={name}>
    {items.map((item, index) => (
      <li key={index}>{item}</li>
    ))}
  </ul>
);

function Headlines({ client }) {
  const [items, add] = useItems("Headlines");
  useEffect(() => client.on("news", add), []);
  return <List name="Headlines" items={items} />;
}

function Ticker({ client }) {
  const [items, add] = useItems("Ticker");
  useEffect(() => client.on("news", add), []);
  return <List name="Ticker" items={items} />;
}

function Archive({ client }) {
  const [items, add] = useItems("Archive");
  useEffect(() => {
    client.on("news", add);
    return () => client.off("news", add);
  }, []);
  return <List name="Archive" items={items} />;
}

function Alarm({ client }) {
  const [items, add] = useItems("Alarm");
  useEffect(() => {
    const limit = new AbortController();
    client.on("news", add, { signal: limit.signal });
    return () => limit.abort();
  }, []);
  return <List name="Alarm" items={items} />;
}

/** The components by name: the first two remove their listeners by the function that on() returns. */
export const COMPONENTS = { Headlines, Ticker, Archive, Alarm };

/** A component that adds a function of its parent as the listener. */
export function Subscription({ client, listener }) {
  useEffect(() => client.on("news", listener), [listener]);
  return null;
}

/** A component that calls back once it is mounted. */
export function Last({ onMount }) {
  useEffect(() => onMount(), []);
  return null;
}

/** A component that connects its client while it is mounted. */
export function Connection({ client, url, onError }) {
  const [state, setState] = useState(client.state);
  useEffect(() => client.on("state", (now) => setState(now)), []);
  useEffect(() => {
    client.connect(url).catch(onError);
    return () => void client.disconnect();
  }, []);
  return <p id="state">{state}</p>;
}
