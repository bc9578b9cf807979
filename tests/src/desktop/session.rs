//! The private folders and the environment of one desktop.

use std::{
    collections::BTreeMap,
    ffi::OsStr,
    fs, io,
    net::TcpListener,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use super::{cookie, installed, locale, options::DesktopOptions, services};
use crate::{Error, Result, needs::SEARCH_PATH};

const PANEL: &str = include_str!("xfce4-panel.xml");
const LXQT_PANEL: &str = include_str!("lxqt-panel.conf");

/// Folders and environment of a desktop.
#[derive(Debug)]
pub(super) struct Session {
    folder: tempfile::TempDir,
    environment: BTreeMap<&'static str, String>,
    bus_address: String,
    log_ins: u32,
    screen: Option<String>,
    screen_is_for_programs: bool,
    inspector_port: u16,
}

impl Session {
    /// Makes the folders. The path stays short: sockets below it may have at most 107 letters.
    pub(super) fn create(options: &DesktopOptions) -> Result<Self> {
        let folder = tempfile::Builder::new()
            .prefix("dyntray-")
            .tempdir_in("/tmp")
            .map_err(|source| Error::File { path: "/tmp".into(), source })?;
        let root = folder.path();
        create_folders(root, options).map_err(|source| Error::File { path: root.to_owned(), source })?;
        let bus_address = format!("unix:path={}", root.join("run/bus-1").display());
        let inspector_port =
            free_port().map_err(|source| Error::NotStarted { program: "web inspector".into(), source })?;
        let mut environment = environment(root, options, &bus_address, inspector_port);
        if let Some(folder) = locale::folder_with(&options.locale) {
            environment.insert("LOCPATH", folder.display().to_string());
        }
        let screen_is_for_programs = options.shell.is_x11();
        Ok(Self {
            folder,
            environment,
            bus_address,
            log_ins: 1,
            screen: None,
            screen_is_for_programs,
            inspector_port,
        })
    }

    /// Prepares the next log-in: the session bus and the Wayland display have other addresses then, as they may have on
    /// a real machine.
    pub(super) fn renew(&mut self) -> Result<()> {
        self.log_ins += 1;
        let socket = self.folder().join(format!("run/bus-{}", self.log_ins));
        let configuration = bus_configuration(self.folder(), &socket);
        let path = self.bus_configuration();
        fs::write(&path, configuration).map_err(|source| Error::File { path, source })?;
        self.bus_address = format!("unix:path={}", socket.display());
        self.environment.insert("DBUS_SESSION_BUS_ADDRESS", self.bus_address.clone());
        if let Some(display) = self.environment.get_mut("WAYLAND_DISPLAY") {
            *display = format!("wayland-{}", self.log_ins);
        }
        Ok(())
    }

    /// The Wayland display that the shell opens and every program finds, like `wayland-1`.
    pub(super) fn wayland_display(&self) -> Option<&str> {
        self.environment.get("WAYLAND_DISPLAY").map(String::as_str)
    }

    /// Takes note of the X server: every program finds it, unless the shell draws a Wayland desktop there.
    pub(super) fn set_screen(&mut self, display: &str) {
        self.screen = Some(display.to_owned());
        if self.screen_is_for_programs {
            self.environment.insert("DISPLAY", display.to_owned());
        }
    }

    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(super) fn home(&self) -> PathBuf {
        self.folder().join("home")
    }

    /// The file with the X server's cookie.
    pub(super) fn cookie_file(&self) -> PathBuf {
        cookie_file(self.folder())
    }

    pub(super) fn logs(&self) -> PathBuf {
        self.folder().join("log")
    }

    pub(super) fn bus_configuration(&self) -> PathBuf {
        self.folder().join("bus.conf")
    }

    pub(super) fn bus_address(&self) -> &str {
        &self.bus_address
    }

    pub(super) fn system_bus_address(&self) -> String {
        system_bus_address(self.folder())
    }

    pub(super) fn inspector_port(&self) -> u16 {
        self.inspector_port
    }

    /// The environment entry that marks a process of this desktop, whatever its parent.
    pub(super) fn mark(&self) -> String {
        mark(self.folder())
    }

    /// A program with the desktop's environment and nothing else, without input.
    pub(super) fn command(&self, program: &OsStr) -> Command {
        let mut command = Command::new(program);
        command.env_clear().envs(&self.environment).current_dir(self.home()).stdin(Stdio::null());
        command
    }

    /// The same for a program that operates the X server, even where the desktop on it is a Wayland one.
    pub(super) fn screen_command(&self, program: &OsStr) -> Command {
        let mut command = self.command(program);
        command.envs(self.screen.iter().map(|display| ("DISPLAY", display)));
        command
    }
}

fn mark(root: &Path) -> String {
    format!("DYNTRAY_DESKTOP={}", root.display())
}

fn environment(
    root: &Path,
    options: &DesktopOptions,
    bus_address: &str,
    inspector_port: u16,
) -> BTreeMap<&'static str, String> {
    let under = |path: &str| root.join(path).display().to_string();
    let language = options.locale.split(['.', '@']).next().unwrap_or_default();
    let languages = match language.split_once('_') {
        Some((short, _)) => format!("{language}:{short}"),
        None => language.to_owned(),
    };
    let mut all: BTreeMap<&'static str, String> = [
        ("PATH", SEARCH_PATH.to_owned()),
        ("HOME", under("home")),
        ("USER", "anna".to_owned()),
        ("TMPDIR", under("tmp")),
        ("XDG_RUNTIME_DIR", under("run")),
        ("XDG_CONFIG_HOME", under("home/.config")),
        ("XDG_DATA_HOME", under("home/.local/share")),
        ("XDG_STATE_HOME", under("home/.local/state")),
        ("XDG_CACHE_HOME", under("home/.cache")),
        ("DBUS_SESSION_BUS_ADDRESS", bus_address.to_owned()),
        ("XAUTHORITY", cookie_file(root).display().to_string()),
        ("LIBGL_ALWAYS_SOFTWARE", "1".to_owned()),
        ("LANG", options.locale.clone()),
        ("LANGUAGE", languages),
        // Any web view started here can be attached to, however it was started.
        ("TAURI_WEBVIEW_AUTOMATION", "true".to_owned()),
        ("WEBKIT_INSPECTOR_SERVER", format!("127.0.0.1:{inspector_port}")),
        ("DYNTRAY_DESKTOP", root.display().to_string()),
    ]
    .into();
    all.extend(options.shell.environment().into_iter().map(|(name, value)| (name, value.to_owned())));
    if options.shell.has_system_bus() {
        all.insert("DBUS_SYSTEM_BUS_ADDRESS", system_bus_address(root));
    }
    all
}

fn cookie_file(root: &Path) -> PathBuf {
    root.join("run/xauthority")
}

fn system_bus_address(root: &Path) -> String {
    format!("unix:path={}", root.join("run/system-bus").display())
}

fn create_folders(root: &Path, options: &DesktopOptions) -> io::Result<()> {
    let panel = root.join("home/.config/xfce4/xfconf/xfce-perchannel-xml");
    let lxqt = root.join("home/.config/lxqt");
    let gtk = root.join("home/.config/gtk-3.0");
    let services = root.join("services");
    for below in ["home/.local/share", "home/.local/state", "home/.cache", "run", "log", "tmp"] {
        fs::create_dir_all(root.join(below))?;
    }
    for folder in [&panel, &lxqt, &gtk, &services] {
        fs::create_dir_all(folder)?;
    }
    fs::set_permissions(root.join("run"), fs::Permissions::from_mode(0o700))?;

    cookie::write(&cookie_file(root))?;
    installed::install(&root.join("home"))?;
    fs::write(panel.join("xfce4-panel.xml"), PANEL)?;
    fs::write(lxqt.join("panel.conf"), LXQT_PANEL)?;
    let dark = u8::from(options.dark);
    fs::write(
        gtk.join("settings.ini"),
        format!("[Settings]\ngtk-theme-name=Adwaita\ngtk-application-prefer-dark-theme={dark}\n"),
    )?;
    for service in services::startable(options) {
        let file = format!("{service}.service");
        let installed = Path::new("/usr/share/dbus-1/services").join(&file);
        if installed.exists() {
            std::os::unix::fs::symlink(installed, services.join(file))?;
        }
    }
    fs::write(root.join("bus.conf"), bus_configuration(root, &root.join("run/bus-1")))
}

fn bus_configuration(root: &Path, socket: &Path) -> String {
    let (root, socket) = (root.display(), socket.display());
    format!(
        r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <keep_umask/>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
  <servicedir>{root}/services</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#
    )
}

/// A free port outside of the range that the system uses for outgoing connections: a window may take it much later.
pub fn free_port() -> io::Result<u16> {
    let seed = std::process::id()
        .wrapping_mul(7919)
        .wrapping_add(std::time::UNIX_EPOCH.elapsed().map_or(0, |since| since.subsec_micros()));
    let candidates = (0..200_u32).map(|step| 20_000 + (seed.wrapping_add(step * 61) % 12_000));
    candidates
        .filter_map(|port| u16::try_from(port).ok())
        .find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok())
        .ok_or_else(|| io::Error::other("no free port between 20000 and 32000"))
}
