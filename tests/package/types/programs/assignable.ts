// Only compiled: the compiler must accept each line and need each @ts-expect-error. Which types of clients are assignable to others.
import { Client, ClientNamespace, type Parser, type Scope } from "socketio-wasm";

interface FromServer {
  news(item: string, count: number): void;
}
interface ToServer {
  add(a: number, b: number): number;
}
interface Namespaces {
  "/chat": { listen: FromServer; emit: ToServer };
}
interface OtherNames {
  other(): void;
}
interface OtherArguments {
  news(item: number, count: number): void;
  add(a: string, b: number): number;
}
interface OtherAnswer {
  add(a: number, b: number): string;
}

type Typed = Client<FromServer, ToServer>;

/** A client with any types is assignable to an untyped one. */
export const clients = (typed: Typed, mapped: Client<FromServer, ToServer, Namespaces>): Client[] => [typed, mapped];
export const views = (typed: Typed, mapped: Client<FromServer, ToServer, Namespaces>): Scope[] => [typed.timeout(5), mapped.of("/chat"), typed];
export const classes = (typed: ClientNamespace<FromServer, ToServer>): ClientNamespace => typed;

/** A client with a map of namespaces is assignable to one without. */
export const unmapped = (client: Client<FromServer, ToServer, Namespaces>): Typed => client;
export const view = (client: Client<FromServer, ToServer, Namespaces>): Scope<FromServer, ToServer> => client.of("/chat");
export const whole = (client: Typed): Scope<FromServer, ToServer> => client;

/** A client with other events is not assignable. */
// @ts-expect-error other names of events
export const names1 = (client: Client<OtherNames, ToServer>): Typed => client;
// @ts-expect-error other names of events
export const names2 = (client: Client<FromServer, OtherNames>): Typed => client;
// @ts-expect-error other names of events
export const names3 = (view: Scope<OtherNames, ToServer>): Scope<FromServer, ToServer> => view;
// @ts-expect-error other names of events
export const names4 = (instance: ClientNamespace<FromServer, OtherNames>): ClientNamespace<FromServer, ToServer> => instance;
// @ts-expect-error other arguments
export const arguments1 = (client: Client<OtherArguments, ToServer>): Typed => client;
// @ts-expect-error other arguments
export const arguments2 = (client: Client<FromServer, OtherArguments>): Typed => client;
// @ts-expect-error another answer
export const answer = (client: Client<FromServer, OtherAnswer>): Typed => client;

/** Parsers as npm declares them. */
declare class NpmEncoder {
  encode(packet: { type: number; nsp: string; data?: unknown }): ArrayBuffer[];
}
declare class NpmDecoder {
  add(chunk: string | ArrayBuffer): void;
  on(event: string, listener: (...args: never[]) => void): this;
  destroy(): void;
}
export const parser: Parser = { Encoder: NpmEncoder, Decoder: NpmDecoder };
