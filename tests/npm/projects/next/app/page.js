"use client";

import { useEffect, useState } from "react";
import { Client } from "socketio-wasm";
import { talk } from "../talk.js";

export default function Page() {
  const [heard, setHeard] = useState();
  useEffect(() => {
    const servers = Object.fromEntries(new URLSearchParams(location.search));
    talk(Client, servers).catch((error) => error.stack).then(setHeard);
  }, []);
  useEffect(() => {
    globalThis.heard = heard;
  }, [heard]);
  return <p>{heard}</p>;
}
