// The shape of error-table.js, by which the table and types/errors.d.ts cannot part.
import type * as Errors from "../types/errors.js";

/** A message, or messages by the value of a field. */
export type Message = string | { readonly by: string; readonly of: Readonly<Record<string, string>>; readonly else: string };

/** The fault of an error, its fields and its message. */
export type Row<Field extends string = string> = [fault: Errors.Fault | "by reason", fields: Field[], message: Message];

// Code, fault and name are of all errors.
type Field<Class> = Exclude<keyof Class & string, "code" | "fault" | "name" | "message" | "stack"> | "cause";

type Rows<Class extends { code: string }> = Record<Class["code"], Row<Field<Class>>>;

/** The rows of each class: one for each of its codes, with fields that the class declares. */
export interface ErrorTable {
  SocketIOError: { NOT_INITIALIZED: Row; EVENTS_MISSED: Row<"limit"> };
  InvalidArgumentError: Rows<Errors.InvalidArgumentError>;
  UnsupportedOptionError: Rows<Errors.UnsupportedOptionError>;
  ConnectionError: Rows<Errors.ConnectionError>;
  DisconnectedError: Rows<Errors.DisconnectedError>;
  BadNamespaceError: Rows<Errors.BadNamespaceError>;
  TimeoutError: Rows<Errors.TimeoutError>;
  PayloadTooLargeError: Rows<Errors.PayloadTooLargeError>;
}
