//! The commands of a user. A waiter is registered within the command: the first of its outputs may settle it.

use super::waiters::add;
use super::{Failure, Frontend, FrontendError, Outgoing, Shell, Waiter, name_of};
use crate::driver::Driver;
use crate::host::{JsText, JsWire};
use crate::protocol::PacketType;
use crate::socket::{AckRequest, CallId, CommandError, Connect, SendMode, Session};
use std::rc::Rc;

impl<F: Frontend> Driver<Shell<F>> {
    /// Connects.
    pub fn connect(self: &Rc<Self>, request: Connect<JsWire>, waiter: F::Connecting) -> Result<(), F::Error> {
        let connected = self.command(|session, now| {
            let id = session.connect(now, request)?;
            self.layer.waiters.add_request(id, None, waiter);
            // The own auth of namespaces may be that of an earlier user.
            Ok(self.layer.auth.take())
        });
        connected.map(drop).map_err(|error| self.refusal(error, None))
    }

    /// Ends a pending `connect` with this error.
    pub fn abort_connect(self: &Rc<Self>, error: F::Error) {
        if let Some(waiter) = self.layer.waiters.take_connect() {
            waiter.settle(Err(error));
            self.command(|session, now| session.disconnect(now, None));
        }
    }

    /// Connects one more namespace, with auth of its own, or else with the auth of `connect`. Earlier auth of its own is forgotten.
    pub fn connect_namespace(
        self: &Rc<Self>,
        namespace: &JsText,
        auth: Option<F::Auth>,
        waiter: F::Connecting,
    ) -> Result<(), F::Error> {
        let connected = self.command(|session, now| {
            let id = session.connect_namespace(now, namespace.clone())?;
            self.layer.waiters.add_request(id, Some(namespace.clone()), waiter);
            let before = self.layer.take_auth(namespace);
            self.layer.auth.borrow_mut().extend(auth.map(|auth| (namespace.clone(), auth)));
            Ok(before)
        });
        connected.map(drop).map_err(|error| self.refusal(error, Some(namespace)))
    }

    /// Leaves one namespace. Sent packets are written first, in order.
    pub fn disconnect_namespace(self: &Rc<Self>, namespace: &JsText) {
        self.layer.take_auth(namespace);
        self.command(|session, now| session.disconnect_namespace(now, namespace));
    }

    /// Writes sent packets, closes, and ends attempts. With `flush`, it first waits that many milliseconds at most
    /// until buffered packets can be sent.
    pub fn disconnect(self: &Rc<Self>, flush: Option<u64>, waiter: F::Disconnecting) {
        self.command(|session, now| {
            let id = session.disconnect(now, flush);
            self.layer.waiters.add_disconnect(id, waiter);
        });
    }

    /// Emits an event to a namespace, or without one to `/`: its name and arguments.
    pub fn emit(
        self: &Rc<Self>,
        namespace: Option<&JsText>,
        values: &F::Values,
        mode: SendMode,
    ) -> Result<(), F::Error> {
        let payload = Shell::write(self, PacketType::Event, namespace, values, None)?;
        let sent = self.send(|session, now| session.emit(now, namespace, payload, mode, None));
        let is_sent = sent.map_err(|error| self.refusal(error, namespace))?;
        if is_sent {
            self.announce_sent(namespace, values);
        }
        Ok(())
    }

    /// Emits an event that asks for an acknowledgement, and waits for that `timeout` milliseconds at most. Returns
    /// `None` if the event was volatile and is dropped: then the waiter is dropped, too.
    pub fn call(
        self: &Rc<Self>,
        namespace: Option<&JsText>,
        values: &F::Values,
        mode: SendMode,
        timeout: Option<u64>,
        waiter: F::Call,
    ) -> Result<Option<CallId>, F::Error> {
        // The number comes first, since a codec writes it into the packet.
        let call = self.update(Session::next_call);
        let payload = Shell::write(self, PacketType::Event, namespace, values, Some(call.0))?;
        let ack = AckRequest { call, timeout, is_awaited: F::is_awaited(&waiter) };
        let sent = self.command(|session, now| {
            let is_sent = session.emit(now, namespace, payload, mode, Some(ack))?;
            if is_sent {
                self.layer.frontend.keep_call(call, waiter);
            }
            Ok(is_sent.then_some(call))
        });
        let sent = sent.map_err(|error| self.refusal(error, namespace))?;
        if sent.is_some() {
            self.announce_sent(namespace, values);
        }
        Ok(sent)
    }

    /// Calls the listeners of any outgoing event.
    fn announce_sent(self: &Rc<Self>, namespace: Option<&JsText>, values: &F::Values) {
        if self.layer.frontend.listeners().has_outgoing() {
            Shell::announce(self, &name_of(namespace).into_js(), &values.to_js(), true);
        }
    }

    /// Removes and returns the waiter of a call. An event that was not handed over is not sent.
    pub fn cancel(self: &Rc<Self>, call: CallId) -> Option<F::Call> {
        let waiter = self.layer.frontend.take_call(call)?;
        self.command(|session, _| session.cancel(call));
        Some(waiter)
    }

    /// Settles the waiter when the connection has ended for good: at once if there is none.
    pub fn wait(&self, waiter: F::Waiting) {
        if self.query(Session::is_idle) {
            waiter.settle(());
        } else {
            add(&self.layer.waiters.ending, waiter);
        }
    }

    /// Settles the waiter when no packet is buffered: at once if there is none.
    pub fn drain(&self, waiter: F::Waiting) {
        if self.query(Session::unsent) == 0 {
            waiter.settle(());
        } else {
            add(&self.layer.waiters.draining, waiter);
        }
    }

    /// The error of a command that was refused.
    pub fn refusal(&self, error: CommandError, namespace: Option<&JsText>) -> F::Error {
        F::Error::of(self.host.platform(), Failure::of_command(error, namespace))
    }
}

impl<F: Frontend> Shell<F> {
    /// Removes and returns the own auth of a namespace.
    pub(super) fn take_auth(&self, namespace: &JsText) -> Option<F::Auth> {
        let mut auth = self.auth.borrow_mut();
        let at = auth.iter().position(|(name, _)| name == namespace)?;
        Some(auth.swap_remove(at).1)
    }
}
