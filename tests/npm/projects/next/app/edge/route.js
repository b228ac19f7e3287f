import { Client } from "socketio-wasm";
import { talk } from "../../talk.js";

export const runtime = "edge";

export async function GET(request) {
  return Response.json(await talk(Client, Object.fromEntries(request.nextUrl.searchParams)));
}
