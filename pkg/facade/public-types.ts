// Compares the exported classes, and the tables of options, with the declarations in types/: each has the same members, and the same
// methods return promises. `make lint` compiles this file; nothing runs it.
import type { Client } from "../types/client.js";
import type { ClientNamespace } from "../types/client-namespace.js";
import type { EngineClient } from "../types/engine-client.js";
import type * as Errors from "../types/errors.js";
import type { reason } from "../types/events.js";
import type { ClientOptions, ConnectOptions, Limits, TlsOptions } from "../types/options.js";
import type { EngineConnectOptions } from "../types/engine-client.js";
import type { Scope } from "../types/scope.js";
import type { SimpleClient, SimpleConnectOptions, SimpleScope } from "../types/simple-client.js";
import type { ClientNamespace as OwnNamespace } from "./client-namespace.js";
import type { BaseClient } from "./client.js";
import type { BaseEngineClient } from "./engine-client.js";
import type { errors as ownErrors } from "./errors.js";
import type { CLIENT_OPTIONS, CONNECT_OPTIONS, ENGINE_CONNECT_OPTIONS, LIMITS, SIMPLE_CONNECT_OPTIONS } from "./option-table.js";
import type { reason as ownReason } from "./reasons.js";
import type { Scope as OwnScope } from "./scope.js";
import type { BaseSimpleClient, SimpleScope as OwnSimpleScope } from "./simple-client.js";
import type { options as nodeOptions } from "../platform/node/options.js";

// A symbol in brackets is for inspection, or has no value when the program runs.
type Names<Type> = Extract<keyof Type, string>;

/** Fails to compile, and names the difference, unless two sets of names are the same. */
type Same<One extends string, Other extends string> = [Exclude<One, Other>, Exclude<Other, One>] extends [never, never] ? true : { missing: Exclude<One, Other>; undeclared: Exclude<Other, One> };

// Tells whether a method returns a promise or a value. A result without a type is any, which fits both.
type Kind<Member> = 0 extends 1 & Member ? "any" : Member extends (...args: any) => infer Result ? (0 extends 1 & Result ? "any" : [Result] extends [PromiseLike<unknown>] ? "promise" : "value") : "field";

type Misfit<Own, Declared> = { [Name in Names<Own> & Names<Declared>]: Kind<Own[Name]> extends "any" | Kind<Declared[Name]> ? never : Name }[Names<Own> & Names<Declared>];

type Check<Own, Declared> = Same<Names<Declared>, Names<Own>> extends true ? ([Misfit<Own, Declared>] extends [never] ? true : Misfit<Own, Declared>) : Same<Names<Declared>, Names<Own>>;

export const client: Check<BaseClient, Client> = true;
export const scope: Check<OwnScope, Scope> = true;
export const engineClient: Check<BaseEngineClient, EngineClient> = true;
export const simpleClient: Check<BaseSimpleClient, SimpleClient> = true;
export const simpleScope: Check<OwnSimpleScope, SimpleScope> = true;
export const namespace: Check<OwnNamespace, ClientNamespace> = true;

export const clientOptions: Same<Names<ClientOptions>, Names<typeof CLIENT_OPTIONS> | Names<typeof nodeOptions>> = true;
export const connectOptions: Same<Names<ConnectOptions>, Names<typeof CONNECT_OPTIONS>> = true;
export const simpleConnectOptions: Same<Names<SimpleConnectOptions>, Names<typeof SIMPLE_CONNECT_OPTIONS>> = true;
export const engineConnectOptions: Same<Names<EngineConnectOptions>, Names<typeof ENGINE_CONNECT_OPTIONS>> = true;
export const limits: Same<Names<Limits>, Names<typeof LIMITS>> = true;
export const errors: Same<Names<typeof Errors.errors>, Names<typeof ownErrors>> = true;
export const reasons: Same<Names<typeof reason>, Names<typeof ownReason>> = true;
