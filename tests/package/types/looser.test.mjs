// A test of the programs in programs/: when a declaration gets looser, one of them no longer compiles.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { folder } from "../../support/installed.mjs";
import { compiler, declarations, STRICT } from "../../support/typescript.mjs";

const { program } = compiler();
const OPTIONS = { ...STRICT, module: "esnext", moduleResolution: "bundler", lib: ["es2022", "dom"], types: [] };

// The programs, by paths in a folder with the package installed; the files need not exist.
const sources = fileURLToPath(new URL("programs/", import.meta.url));
const tests = new Map(readdirSync(sources).map((name) => [join(folder, `looser-${name}`), readFileSync(join(sources, name), "utf8")]));

// Each row is [declaration, a part of its source, a looser replacement], under the program that must not compile with it.
const ROWS = {
  "client.ts": [
    ["Parts", "sent: Head", "sent: unknown[]"],
    ["Returned", "? Values", "? unknown[]"],
    ["EventAnswer", "? undefined", "? unknown"],
    ["EventAnswer", ": Received<Acknowledgement<Events, Name>>;", ": unknown[];"],
    ["Reply", "? Tuple<Answer> | void | PromiseLike<Tuple<Answer> | void>", "? unknown"],
    ["AnswerCallback", ": (...answer: Received<Answer>)", ": (...answer: any[])"],
    ["AnswerCallback", "error: Error | null", "error: any"],
    ["EmitArguments", "Acknowledgement<Events, Name>, IsTimed", "any[], IsTimed"],
    ["tuple", "Tuple<Values>", "Tuple"],
    ["AnyListener", "Bivariant<AnyEvent<Listen>>", "(...args: any[]) => unknown"],
    ["AnyListener", "Bivariant<AnyEvent<Listen>>", "(...event: AnyEvent<Listen>) => unknown"],
    ["AnyEvent", ": [event: string, ...args: unknown[]]", ": [event: string, ...args: any[]]"],
    ["Scope", "...args: EmitArguments<Emit, Name, IsTimed>", "...args: unknown[]"],
    ["Scope.once", "options?: ObserverOptions<Namespace>", "options?: ListenerOptions<Namespace>"],
    ["HandledName", "EventName<Listen>", "string"],
    ["Scope", "off(event: HandledName<Listen>", "off(event: string"],
    ["Scope.removeAllListeners", "event?: HandledName<Listen>", "event?: string"],
    ["Scope.listeners", "event: HandledName<ListenAt<Listen, Namespaces, Namespace>>", "event: string"],
    ["Scope.onAny", "listener: AnyListener<ListenAt<Listen, Namespaces, Namespace>>", "listener: Callback"],
    ["Scope.onAny", "options?: ObserverOptions<Namespace>", "options?: ListenerOptions<Namespace>"],
    ["Scope.onAnyOutgoing", "listener: AnyListener<ListenAt<Listen, Namespaces, Namespace>>", "listener: Callback"],
    ["Scope.events", "event: Name", "event: string"],
    ["Scope.events", "AsyncIterableIterator<Received<EventArguments<Listen, Name>>>", "AsyncIterableIterator<unknown[]>"],
    ["Scope", "AsyncIterableIterator<ReceivedEvent<Listen>>", "AsyncIterableIterator<ReceivedEvent>"],
    ["Scope.with", "Timeout extends number ? true : IsTimed", "IsTimed"],
    ["EventsOptions", "limit?: number", "limit?: unknown"],
    ["ConnectionHandlers", "reason: FinalReason", "reason: string"],
    ["ConnectionHandlers", "state(now: ClientState, before: ClientState)", "state(now: string, before: string)"],
    ["ConnectionHandlers", 'transport: "websocket"', "transport: string"],
    ["Scope.call", "...args: EventArguments<Emit, Name>", "...args: unknown[]"],
    ["Scope.emitWithAck", "...args: EventArguments<Emit, Name>", "...args: unknown[]"],
    ["Scope.emitWithAck", "Promise<EventAnswer<Emit, Name>>", "Promise<any>"],
    ["Scope.volatile", "Scope<Listen, Emit, Namespaces, IsTimed>", "Scope"],
    ["Client", "constructor(options?: ClientOptions)", "constructor(options?: object)"],
  ],
  "classes.ts": [
    ["Acknowledgement", ": Answer", ": unknown[]"],
    ["EmitArguments", "[...args: EventArguments<Events, Name>, callback?: AnswerCallback<Acknowledgement<Events, Name>, IsTimed>]", "unknown[]"],
    ["HandlerOf", "EventHandler<Listen, Name>", "(...args: any[]) => unknown"],
    ["Client.registerNamespace", "): Instance;", "): NamespaceInstance;"],
    ["Client", "work: (...args: [...args: Args, signal: AbortSignal]) => Result", "work: (...args: any[]) => Result"],
    ["Client", "BackgroundTask<Awaited<Result>>", "BackgroundTask"],
    ["ClientNamespace", "...args: EmitArguments<Emit, Name>", "...args: unknown[]"],
    ["ClientNamespace.call", "Promise<EventAnswer<Emit, Name>>", "Promise<any>"],
    ["ClientNamespace.timeout", "Scope<Listen, Emit, {}, true>", "Scope"],
    ["ClientNamespace.volatile", "Scope<Listen, Emit>", "Scope"],
    ["ClientNamespace.with", "Scope<Listen, Emit>", "Scope"],
    ["ClientNamespace.of", "Scope<Incoming, Outgoing>", "Scope"],
    ["SimpleScope.emit", "...args: EventArguments<Emit, Name>", "...args: unknown[]"],
    ["SimpleScope.call", "...args: EventArguments<Emit, Name>", "...args: unknown[]"],
    ["SimpleScope", "Promise<EventAnswer<Emit, Name>>", "Promise<any>"],
    ["SimpleScope", "Promise<ReceivedEvent<Listen>>", "Promise<ReceivedEvent>"],
    ["SimpleScope.with", "SimpleScope<Listen, Emit>", "SimpleScope"],
    ["SimpleScope.timeout", "SimpleScope<Listen, Emit>", "SimpleScope"],
    ["SimpleClient", "AsyncIterableIterator<ReceivedEvent<Listen>>", "AsyncIterableIterator<any>"],
    ["SimpleClient", "Promise<Awaited<Result>>", "Promise<any>"],
    ["TransportName", '"polling" | "websocket"', "string"],
  ],
  "namespaces.ts": [
    ["Returned", "? []", "? unknown[]"],
    ["Reply", "? Only | void | PromiseLike<Only | void>", "? unknown"],
    ["EventHandler", "(...args: Received<EventArguments<Events, Name>>) => Reply", "(...args: any[]) => Reply"],
    ["EventHandler", "=> Reply<Acknowledgement<Events, Name>>", "=> unknown"],
    ["HandlerOf", "Placed<Listen, ConnectionHandlers[Name]>", "(...args: any[]) => unknown"],
    ["HandlerOf", "AnyListener<Listen>", "(...args: any[]) => unknown"],
    ["AnyEvent", "? [event: string, namespace: string, ...args: unknown[]]", "? [event: string, ...args: unknown[]]"],
    ["Placed", "(namespace: string, ...args: Parameters<Handler>)", "(namespace: string, ...args: any[])"],
    ["AnyNamespaceEvents", "(namespace: string,", "(namespace: any,"],
    ["NamespaceMap", '"the events of / are the first two types of a Client"', "NamespaceEvents"],
    ["NamespaceMap", '"the name of a namespace begins with /"', "NamespaceEvents"],
    ["NamespaceEvents", "listen?: object;", "listen?: object; [other: string]: unknown;"],
    ["WithRoot", "{ listen: Listen; emit: Emit }", "{}"],
    ["NamespaceName", '? Extract<keyof Namespaces, string> | "/"', "? string"],
    ["NameFor", '? NamespaceName<Namespaces> | "*"', "? string"],
    ["Given", ": Events", ": UntypedEvents"],
    ["ListenOf", "? Events", "? UntypedEvents"],
    ["ListenOf", "? AnyNamespaceEvents", "? UntypedEvents"],
    ["EmitOf", "? Events", "? UntypedEvents"],
    ["ListenAt", "? AnyNamespaceEvents", "? UntypedEvents"],
    ["ListenAt", "? Listen\n      :", "? UntypedEvents\n      :"],
    ["ListenAt", ": ListenOf<Namespaces, Name>", ": UntypedEvents"],
    ["ScopeAt", "? Scope<Listen, Emit, Namespaces, IsTimed>\n", "? Scope\n"],
    ["ScopeAt", "Scope<ListenOf<Namespaces, Name>, EmitOf<Namespaces, Name>, Namespaces, IsTimed>", "Scope"],
    ["ScopeAt", ": Scope<ListenAt<Listen, Namespaces, Name>, Emit, Namespaces, IsTimed>", ": Scope"],
    ["Registrable", ": ClassOf<Namespaces>\n", ": Instance\n"],
    ["NamespaceMethods", "HandlerOf<Listen, Name>", "(...args: any[]) => unknown"],
    ["Scope", "event: HandledName<ListenAt<Listen, Namespaces, Namespace>>,\n    listener: Callback", "event: string,\n    listener: Callback"],
    ["Scope.event", "ListenerOptions<NamespaceName<Namespaces> | \"*\">", "ListenerOptions"],
    ["Scope.listeners", "event: HandledName<ListenAt<Listen, Namespaces, Namespace>>", "event: string"],
    ["Scope.onAny", "listener: AnyListener<ListenAt<Listen, Namespaces, Namespace>>", "listener: AnyListener"],
    ["Scope.onAny", "Namespace extends NamespaceName<Namespaces> | \"*\"", "Namespace extends string"],
    ["Scope.offAny", "HandlerOptions<NamespaceName<Namespaces> | \"*\">", "HandlerOptions"],
    ["Scope.onAnyOutgoing", "listener: AnyListener<ListenAt<Listen, Namespaces, Namespace>>", "listener: AnyListener"],
    ["Scope.onAnyOutgoing", "Namespace extends NamespaceName<Namespaces> | \"*\"", "Namespace extends string"],
    ["Scope.offAnyOutgoing", "HandlerOptions<NamespaceName<Namespaces> | \"*\">", "HandlerOptions"],
    ["Scope.with", "Namespace extends NamespaceName<Namespaces> | \"*\"", "Namespace extends string"],
    ["Scope", "options: WithOptions<Namespace, Timeout>", "options: object"],
    ["Scope", "Scope<Given<Incoming, ListenOf<Namespaces, Name>>,", "Scope<UntypedEvents,"],
    ["Scope", "Given<Outgoing, EmitOf<Namespaces, Name>>", "UntypedEvents"],
    ["Scope.timeout", "Scope<Listen, Emit, Namespaces, true>", "Scope"],
    ["Client", "extends Scope<Listen, Emit, AllNamespaces<Listen, Emit, Namespaces>>", "extends Scope<Listen, Emit>"],
    ["Client", "options?: ConnectOptions<NamespaceName<Namespaces>>", "options?: ConnectOptions"],
    ["Client.connectNamespace", "NamespaceName<Namespaces>", "string"],
    ["Client.disconnectNamespace", "NamespaceName<Namespaces>", "string"],
    ["Client.getSid", "NamespaceName<Namespaces>", "string"],
    ["Client.registerNamespace", "Registrable<Instance, AllNamespaces<Listen, Emit, Namespaces>>", "Instance"],
    ["ConnectOptions", "namespaces?: Namespace | readonly Namespace[]", "namespaces?: string | readonly string[]"],
    ["HandlerOptions", "namespace?: Namespace", "namespace?: string"],
  ],
  "assignable.ts": [
    ["Comparable", "[Name in keyof Events]: Events[Name]", "[Name in keyof Events]: unknown"],
    ["ListenOf", "[Name] extends [\"*\"]", "Name extends \"*\""],
    ["Client", "readonly [events]?: { listen: Comparable<Listen>; emit: Comparable<Emit> };", ""],
  ],
  "optional.ts": [
    ["Parts", "(infer Last)?]", "infer Last]"],
    ["Parts", "NonNullable<Last> }", "Callback }"],
    ["IsCallback", "0 extends 1 & Value ? false : ", ""],
    ["EventAnswer", "? Only", "? unknown"],
  ],
  "binary.ts": [
    ["EventHandler", "...args: Received<EventArguments<Events, Name>>", "...args: EventArguments<Events, Name>"],
    ["EventAnswer", ": Received<Acknowledgement<Events, Name>> extends", ": Acknowledgement<Events, Name> extends"],
    ["AnswerCallback", ": (...answer: Received<Answer>)", ": (...answer: Answer)"],
    ["AnswerCallback", "error: Error | null, ...answer: Received<Answer>", "error: Error | null, ...answer: Answer"],
    ["Scope.events", "Received<EventArguments<Listen, Name>>", "EventArguments<Listen, Name>"],
    ["ReceivedEvent", "...args: Received<EventArguments<Listen, Name>>", "...args: EventArguments<Listen, Name>"],
    ["HasBuffer", "? HasBuffer<Item, Rest>", "? false"],
  ],
  "misplaced.ts": [
    ["Client", "constructor(options?: ClientOptions)", "constructor(options?: object)"],
    ["SimpleClient", "constructor(options?: ClientOptions)", "constructor(options?: object)"],
    ["EngineClient", "constructor(options?: EngineClientOptions)", "constructor(options?: object)"],
    ["SimpleConnectOptions", 'Omit<ConnectOptions, "namespaces" | "wait" | "retry">', "ConnectOptions"],
  ],
  "others.ts": [
    ["MessageArguments", "? EventArguments<Emit, \"message\" & keyof Emit>", "? unknown[]"],
    ["UntypedEvents", "Bivariant<unknown[]>", "any"],
    ["DisconnectReason", '"client disconnect" |', "string |"],
    ["DisconnectCause", '"ping timeout" |', "string |"],
    ["ConnectionHandlers", "reason: DisconnectReason", "reason: string"],
    ["ConnectionHandlers", "details: DisconnectDetails", "details: any"],
    ["Tuple", "readonly [tupleMark]: true", "readonly [tupleMark]?: true"],
    ["reason", 'readonly TRANSPORT_ERROR: "transport error"', "readonly TRANSPORT_ERROR: string"],
    ["Scope", "event(listener: NamedFunction", "event(listener: unknown"],
    ["Scope", "...args: MessageArguments<Emit>", "...args: unknown[]"],
    ["Scope", "timeout(milliseconds: number)", "timeout(milliseconds: unknown)"],
    ["ReceivedEvent", "? AnyEvent<Listen>", "? any[]"],
    ["ReceivedEvent", "...args: Received<EventArguments<Listen, Name>>", "...args: unknown[]"],
    ["SimpleClient", "work: (client: SimpleClient<Listen, Emit>) => Result", "work: (client: SimpleClient) => Result"],
    ["EngineHandlers", "message(data: Message)", "message(data: any)"],
    ["EngineHandlers", "EngineHandlers<Message = unknown>", "EngineHandlers<Message = any>"],
    ["EngineClient", "EngineClient<Message = unknown>", "EngineClient<Message = any>"],
    ["EngineClient", "handler: EngineHandlers<Message>[Name]", "handler: (...args: any[]) => unknown"],
    ["EngineClientOptions", '    | "reconnection"\n', ""],
    ["ConnectOptions", "headers?: Source<Record<string, string>>", "headers?: Source<object>"],
    ["ConnectOptions", "transports?: TransportName | readonly TransportName[]", "transports?: string | readonly string[]"],
    ["ConnectOptions", "protocol?: 4 | 5", "protocol?: number"],
    ["Fault", '"misuse" | "peer" | "network"', "string"],
    ["ErrorCode", '| "NOT_INITIALIZED"', "| string"],
    ["SocketIOError", "code: ErrorCode", "code: string"],
    ["SocketIOError", "fault: Fault", "fault: string"],
    ["TimeoutError", '"RECEIVE_TIMEOUT"', "string"],
    ["DisconnectedError", '"DROPPED"', "string"],
    ["errors", "typeof TimeoutError", "typeof SocketIOError"],
  ],
  "members.ts": [
    ["Unsubscribe", "() => void", "(...args: unknown[]) => unknown"],
    ["DisconnectDetails", "cause: DisconnectCause", "cause: string"],
    ["DisconnectDetails", "error?: ConnectionError", "error?: Error"],
    ["ConnectionHandlers", "error: ConnectionError", "error: any"],
    ["DisconnectDetails", "data?: unknown", "data?: any"],
    ["Scope", "options: HandlerOptions<Namespace>,\n  ): boolean", "options: HandlerOptions<Namespace>,\n  ): unknown"],
    ["Scope.call", "Promise<EventAnswer<Emit, Name>>", "Promise<any>"],
    ["Client", "url: Source<string | URL>", "url: unknown"],
    ["Client", "get state(): ", "get state(): string | "],
    ["EngineClient", "options?: EngineConnectOptions", "options?: object"],
    ["ClientOptions", "serializer?: SerializerName | Parser", "serializer?: string | Parser"],
    ["ClientOptions", "tls?: TlsOptions", "tls?: object"],
    ["ClientOptions", "reconnectionDelay?: number", "reconnectionDelay?: unknown"],
    ["WithOptions", "namespace?: Namespace", "namespace?: string"],
    ["SerializerName", '"default" |', "string |"],
    ["ParserDecoder", "add(frame: unknown)", "add(frame: any)"],
    ["ConnectionError", "status?: number", "status?: unknown"],
    ["ConnectionError", "data?: unknown", "data?: any"],
    ["Scope.listeners", "Callback[]", "unknown[]"],
    ["Scope.offAny", "boolean", "unknown"],
    ["Scope.offAnyOutgoing", "boolean", "unknown"],
    ["ListenerOptions", "once?: boolean", "once?: unknown"],
    ["ObserverOptions", "signal?: AbortSignal", "signal?: unknown"],
  ],
  "slim.ts": [
    ["Parts", "? { sent: Head; callback: NonNullable<Last> }\n    : { sent: Args", "? { sent: Head; callback: NonNullable<Last> }\n    : { sent: unknown[]"],
    ["Returned", ": [Awaited<Result>];", ": [unknown];"],
    ["EventAnswer", "? Only", "? unknown"],
    ["ListenAt", "? Listen\n  : [Name]", "? UntypedEvents\n  : [Name]"],
    ["Client", "extends Scope<Listen, Emit,", "extends Scope<Listen, UntypedEvents,"],
    ["ModuleSource", "string | URL", "unknown"],
    ["InitSyncOptions", "module: ArrayBuffer", "module: unknown | ArrayBuffer"],
    ["init", "source?: ModuleSource | PromiseLike<ModuleSource>", "source?: unknown"],
  ],
  "testing.ts": [
    ["Answer", ": (value: Result) => void", ": (value: unknown) => void"],
    ["Answer", "? (...values: Values) => void", "? (...values: unknown[]) => void"],
    ["Answer", "? Last", "? (value: unknown) => void"],
    ["ServerListener", "answer: Answer<Events[Name]>", "answer: (...values: unknown[]) => void"],
    ["Broadcast.emit", "...args: EventArguments<Emit, Name>", "...args: unknown[]"],
    ["Broadcast.emit", "<Name extends EventName<Emit>>(event: Name, ...args: EventArguments<Emit, Name>)", "(event: string, ...args: unknown[])"],
    ["Socket.on", "reason: string", "reason: unknown"],
    ["Socket.emit", "...args: EmitArguments<Emit, Name>", "...args: unknown[]"],
    ["Socket.emitWithAck", "Promise<EventAnswer<Emit, Name>>", "Promise<unknown>"],
    ["Socket.received", "Promise<EventArguments<Listen, Name>>", "Promise<unknown[]>"],
    ["Namespace.connection", "Promise<Socket<Listen, Emit>>", "Promise<Socket>"],
    ["Namespace.refuse", "message: string", "message: unknown"],
    ["ServerOptions", "path?: string", "[other: string]: unknown; path?: string"],
    ["InMemoryTransports", "fetch: FetchLike", "fetch: unknown"],
    ["InMemoryTransports", "WebSocket: WebSocketConstructor", "WebSocket: unknown"],
    ["Handshake", "auth: Record<string, unknown>", "auth: unknown"],
  ],
};

// The declarations of the package, and those of slim and testing.
const FILES = ["index.d.ts", "slim.d.ts", "testing.d.ts"].map((name) => join(declarations, name));
const TEXTS = new Map(FILES.map((path) => [path, readFileSync(path, "utf8")]));

/**
 * Returns the position of a declaration, from its own line to the next declaration at the margin. For a path such as
 * "Client.connect", returns the position of the first member of this name.
 */
function place(path, texts) {
  const [name, member] = path.split(".");
  const begin = new RegExp(`^(export |declare )*(class|interface|type|function|const) ${name}\\b`, "m");
  const file = FILES.find((file) => begin.test(texts.get(file)));
  assert.ok(file, `there is no declaration ${name}`);
  const start = texts.get(file).search(begin);
  const length = texts.get(file).slice(start + 1).search(/^(\/\*\*|\/\/|export |declare |class |interface |type )/m) + 1;
  const end = length > 0 ? start + length : texts.get(file).length;
  if (!member) return { file, start, end };
  const from = start + texts.get(file).slice(start, end).search(new RegExp(`^  (static |readonly |get )*${member}\\b`, "m"));
  assert.ok(from >= start, `${name} has no ${member}`);
  return { file, start: from, end: texts.get(file).indexOf(";\n", from) + 1 };
}

/** Returns the declarations with the change of a row; undefined if the part to replace is missing, or is there twice. */
function changed(texts, [name, from, to]) {
  const { file, start, end } = place(name, texts);
  const text = texts.get(file);
  const declaration = text.slice(start, end);
  if (declaration.split(from).length !== 2) return undefined;
  return new Map([...texts, [file, text.slice(0, start) + declaration.replace(from, () => to) + text.slice(end)]]);
}

/** Returns the names of the files that do not compile. */
function faulty(paths, texts) {
  const compiled = program(paths, OPTIONS, new Map([...tests, ...texts]));
  const faults = (file) => [...compiled.getSyntacticDiagnostics(file), ...compiled.getSemanticDiagnostics(file)];
  return paths.filter((path) => faults(compiled.getSourceFile(path)).length > 0).map((path) => basename(path));
}

test("without a change, all programs and declarations compile", () => assert.deepEqual(faulty([...FILES, ...tests.keys()], TEXTS), []));

test("the declarations themselves compile with many of the changes at once", () => {
  let left = Object.values(ROWS).flat();
  while (left.length > 0) {
    let texts = TEXTS;
    const waiting = [];
    for (const row of left) {
      const next = changed(texts, row);
      if (next) texts = next;
      else waiting.push(row); // another row has changed the same part
    }
    assert.ok(waiting.length < left.length, `the part to replace is missing, or is there twice: ${waiting.join("; ")}`);
    assert.deepEqual(faulty(FILES, texts), []);
    left = waiting;
  }
});

for (const [name, rows] of Object.entries(ROWS)) {
  describe(`${name} does not compile with a looser declaration`, () => {
    const path = join(folder, `looser-${name}`);
    for (const row of rows) {
      test(row.join(": ").replaceAll(/\s+/g, " "), () => {
        assert.deepEqual(faulty([path], changed(TEXTS, row)), [basename(path)]);
      });
    }
  });
}
