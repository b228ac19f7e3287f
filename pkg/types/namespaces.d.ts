// The events of a client's namespaces, one by one.
import type { ClientNamespace } from "./client-namespace.js";
import type { AnyNamespaceEvents, UntypedEvents, events } from "./events.js";
import type { Scope } from "./scope.js";

/** The events of one namespace, in either direction; a direction that is omitted has events of any name. */
export interface NamespaceEvents {
  /** The events that the server emits and `on` takes. */
  listen?: object;
  /** The events that `emit` and `call` take. */
  emit?: object;
}

/**
 * The shape of a map of namespaces: names that begin with "/", each with its events. The namespace "/" is not in it, since its
 * events are the first two types of a Client. Namespaces whose names are not known beforehand are listed by a pattern.
 * @example
 * interface Namespaces {
 *   "/chat": { listen: ChatFromServer; emit: ChatToServer };
 *   [room: `/rooms/${string}`]: { listen: RoomFromServer };
 * }
 */
export type NamespaceMap<Namespaces> = {
  [Name in keyof Namespaces]: Name extends "/"
    ? "the events of / are the first two types of a Client"
    : Name extends `/${string}`
      ? NamespaceEvents
      : "the name of a namespace begins with /";
};

// The namespaces of a view's client; none if there is no map.
type AllNamespaces<Listen extends object, Emit extends object, Namespaces> = HasMap<Namespaces> extends true
  ? WithRoot<Listen, Emit, Namespaces>
  : {};

/** A client's map of namespaces, with "/" in it. */
export type WithRoot<Listen extends object, Emit extends object, Namespaces> = {
  [Name in keyof Namespaces | "/"]: Name extends keyof Namespaces ? Namespaces[Name] : { listen: Listen; emit: Emit };
};

// True if there is a map. Without one the events of other namespaces are unknown.
type HasMap<Namespaces> = [keyof Namespaces] extends [never] ? false : true;

/** The names of namespaces: "/" and those of the map; any name if there is no map. */
export type NamespaceName<Namespaces> = HasMap<Namespaces> extends true ? Extract<keyof Namespaces, string> | "/" : string;

// The names that `of` takes: any name if the events are given.
type NameFor<Events, Namespaces> = [Events] extends [never] ? NamespaceName<Namespaces> | "*" : string;

type Given<Events extends object, Otherwise extends object> = [Events] extends [never] ? Otherwise : Events;

// The events that the server emits to a namespace of the map. The brackets keep them from being a union when the compiler compares
// two clients: then the name is any.
type ListenOf<Namespaces, Name> = [Name] extends ["*"]
  ? AnyNamespaceEvents
  : Name extends keyof Namespaces
    ? Namespaces[Name] extends { listen: infer Events extends object }
      ? Events
      : UntypedEvents
    : UntypedEvents;

// The events that the client emits to it.
type EmitOf<Namespaces, Name> = Name extends keyof Namespaces
  ? Namespaces[Name] extends { emit: infer Events extends object }
    ? Events
    : UntypedEvents
  : UntypedEvents;

// The events of the namespace that is named among options. Without a map they are the events of the view itself.
type ListenAt<Listen extends object, Namespaces, Name> = [Name] extends [never]
  ? Listen
  : [Name] extends ["*"]
    ? AnyNamespaceEvents
    : HasMap<Namespaces> extends false
      ? Listen
      : "/" | "*" extends Name
        ? UntypedEvents // The namespace is unknown: so a wrong name is the only error.
        : ListenOf<Namespaces, Name>;

// The view that `with` gives, likewise.
type ScopeAt<Listen extends object, Emit extends object, Namespaces extends object, Name, IsTimed extends boolean> = [Name] extends [never]
  ? Scope<Listen, Emit, Namespaces, IsTimed>
  : HasMap<Namespaces> extends true
    ? Scope<ListenOf<Namespaces, Name>, EmitOf<Namespaces, Name>, Namespaces, IsTimed>
    : Scope<ListenAt<Listen, Namespaces, Name>, Emit, Namespaces, IsTimed>;

// The argument of `registerNamespace`: an object of a class for one of the namespaces in the map, or of a class without types.
type Registrable<Instance extends NamespaceInstance, Namespaces> = HasMap<Namespaces> extends false
  ? Instance
  : Instance extends { readonly [events]?: { listen: infer Listen } }
    ? string extends keyof Listen
      ? Instance
      : Instance extends ClassOf<Namespaces>
        ? Instance
        : ClassOf<Namespaces>
    : never;

// The members that all classes of namespaces share.
type NamespaceInstance = Pick<ClientNamespace, "namespace" | "client" | "triggerEvent" | "disconnect">;

type ClassOf<Namespaces> = { [Name in keyof Namespaces]: ClientNamespace<ListenOf<Namespaces, Name>, EmitOf<Namespaces, Name>> }[keyof Namespaces];
