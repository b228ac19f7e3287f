// The types by which the parts of the facade use each other, for `make lint`. They are not published.
import type { Logger, WebSocketConstructor } from "../types/options.js";
import type { Parser } from "../types/serializers.js";
import type { OptionTable } from "./option-table.js";

/** The addresses of both transports. */
export interface Endpoints {
  polling: string;
  websocket: string;
}

/** The classes of the loaded wasm module. wasm-bindgen makes their types when the module is built; the core's tests check them. */
export type Core = any;

/** Timers and requests of a runtime, or of one client in it. */
export interface ClientRuntime {
  fetch(url: string, init: any): Promise<any>;
  readonly WebSocket?: WebSocketConstructor;
  openSocket?(url: string, protocols: string[], options: object): any;
  setTimeout(callback: () => void, milliseconds: number): any;
  clearTimeout(timer: any): void;
  prepare?(endpoints: Endpoints): Promise<void>;
  busy?<Value>(promise: Promise<Value>): Promise<Value>;
  began?(client: any): void;
}

/** The functions that a runtime (Node, a page, a worker) offers its clients. With `forClient`, the rest is made for each client. */
export interface Runtime extends Partial<ClientRuntime> {
  readonly name: string;
  readonly console?: Required<Logger>;
  readonly websocketHeaders: boolean;
  readonly options?: OptionTable;
  readonly unsupported?: readonly string[];
  keepsHeader?(name: string): boolean;
  serializer(name: string): Parser | Promise<Parser>;
  forClient?(settings: any): ClientRuntime;
}

/** The loaded module and the runtime, from which the classes of an entry are made. */
export interface Loaded {
  Core: new (platform: any, settings: any, handlers: Map<string, any>) => Core;
  EngineCore: new (platform: any, settings: any, listener: object) => Core;
  platform: Runtime;
}

/** The parts of a client's platform that wait and report. */
export interface Waiting {
  setTimeout(callback: () => void, milliseconds: number): any;
  clearTimeout(timer: any): void;
  busy<Value>(promise: Promise<Value>): Promise<Value>;
}
