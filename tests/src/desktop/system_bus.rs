//! A system bus of the desktop's own, with the few services that a shell looks for there. Without it a shell would
//! find the machine's: its sessions, its networks and its power button.

#![expect(clippy::used_underscore_binding, reason = "the bus hands over every argument, used or not")]

use std::{
    fs,
    os::{fd::OwnedFd, unix::net::UnixStream},
    sync::atomic::{AtomicBool, Ordering},
};

use zbus::zvariant::{ObjectPath, OwnedObjectPath};

use super::{
    parts::{Parts, START},
    session::Session,
    shell::LOGIN_SESSION,
};
use crate::{Error, Result, wait::eventually};

const NAME: &str = "org.freedesktop.login1";
const MANAGER: &str = "/org/freedesktop/login1";
const SESSION: &str = "/org/freedesktop/login1/session/c1";
const SEAT: &str = "/org/freedesktop/login1/seat/seat0";
const USER: &str = "/org/freedesktop/login1/user/self";

/// The system bus, and logind's end of it.
#[derive(Debug)]
pub(super) struct SystemBus {
    _bus: zbus::Connection,
}

impl SystemBus {
    /// Starts the bus and takes logind's name.
    pub(super) async fn start(parts: &mut Parts, session: &Session) -> Result<Self> {
        let configuration = session.folder().join("system-bus.conf");
        let text = configuration_text(session);
        fs::write(&configuration, text)
            .map_err(|source| Error::File { path: configuration.clone(), source })?;
        let mut command = session.command("dbus-daemon".as_ref());
        command.args(["--nofork", "--nopidfile"]).arg(format!("--config-file={}", configuration.display()));
        parts.spawn_command("system-bus", command, None)?;
        let bus = eventually("the system bus", START, async || {
            let builder = zbus::connection::Builder::address(session.system_bus_address().as_str())?
                .serve_at(MANAGER, Manager)?
                .serve_at(SESSION, LoginSession::default())?
                .serve_at(USER, User)?
                .name(NAME)?;
            Ok::<_, Error>(builder.build().await?)
        })
        .await?;
        Ok(Self { _bus: bus })
    }
}

fn configuration_text(session: &Session) -> String {
    let address = session.system_bus_address();
    format!(
        r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>{address}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#
    )
}

/// The list of sessions: one.
#[derive(Debug)]
struct Manager;

type Listed = (String, u32, String, String, OwnedObjectPath);

#[zbus::interface(name = "org.freedesktop.login1.Manager")]
#[expect(clippy::unused_self, reason = "the bus calls it on the object")]
impl Manager {
    fn get_session(&self, id: &str) -> zbus::fdo::Result<OwnedObjectPath> {
        if id == LOGIN_SESSION || id == "auto" {
            return Ok(path(SESSION));
        }
        Err(zbus::fdo::Error::Failed(format!("no session {id}")))
    }

    #[zbus(name = "GetSessionByPID")]
    fn get_session_by_pid(&self, _pid: u32) -> OwnedObjectPath {
        path(SESSION)
    }

    fn get_user(&self, _uid: u32) -> OwnedObjectPath {
        path(USER)
    }

    fn list_sessions(&self) -> Vec<Listed> {
        vec![(LOGIN_SESSION.to_owned(), uid(), "anna".to_owned(), "seat0".to_owned(), path(SESSION))]
    }

    /// Gives a handle that delays nothing: the story announces sleep and shutdown itself.
    fn inhibit(
        &self,
        _what: &str,
        _who: &str,
        _why: &str,
        _mode: &str,
    ) -> zbus::fdo::Result<zbus::zvariant::OwnedFd> {
        let (theirs, _ours) =
            UnixStream::pair().map_err(|error| zbus::fdo::Error::IOError(error.to_string()))?;
        Ok(OwnedFd::from(theirs).into())
    }

    fn can_suspend(&self) -> &'static str {
        "no"
    }

    fn can_hibernate(&self) -> &'static str {
        "no"
    }

    fn can_reboot(&self) -> &'static str {
        "no"
    }

    fn can_power_off(&self) -> &'static str {
        "no"
    }

    fn can_reboot_to_boot_loader_menu(&self) -> &'static str {
        "no"
    }
}

/// The person's session.
#[derive(Debug, Default)]
struct LoginSession {
    locked: AtomicBool,
}

#[zbus::interface(name = "org.freedesktop.login1.Session")]
#[expect(clippy::unused_self, reason = "the bus calls it on the object")]
impl LoginSession {
    fn set_locked_hint(&self, locked: bool) {
        self.locked.store(locked, Ordering::Relaxed);
    }

    fn set_idle_hint(&self, _idle: bool) {}

    fn activate(&self) {}

    #[zbus(property)]
    fn id(&self) -> &'static str {
        LOGIN_SESSION
    }

    #[zbus(property)]
    fn active(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn class(&self) -> &'static str {
        "user"
    }

    #[zbus(property)]
    fn state(&self) -> &'static str {
        "active"
    }

    #[zbus(property)]
    fn remote(&self) -> bool {
        false
    }

    #[zbus(property)]
    fn locked_hint(&self) -> bool {
        self.locked.load(Ordering::Relaxed)
    }

    #[zbus(property)]
    fn seat(&self) -> (&'static str, ObjectPath<'static>) {
        ("seat0", ObjectPath::from_static_str_unchecked(SEAT))
    }
}

/// The person.
#[derive(Debug)]
struct User;

#[zbus::interface(name = "org.freedesktop.login1.User")]
#[expect(clippy::unused_self, reason = "the bus calls it on the object")]
impl User {
    #[zbus(property)]
    fn display(&self) -> (&'static str, ObjectPath<'static>) {
        (LOGIN_SESSION, ObjectPath::from_static_str_unchecked(SESSION))
    }

    #[zbus(property)]
    fn sessions(&self) -> Vec<(&'static str, ObjectPath<'static>)> {
        vec![(LOGIN_SESSION, ObjectPath::from_static_str_unchecked(SESSION))]
    }
}

fn path(path: &'static str) -> OwnedObjectPath {
    ObjectPath::from_static_str_unchecked(path).into()
}

fn uid() -> u32 {
    rustix::process::getuid().as_raw()
}
