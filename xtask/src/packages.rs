//! The system packages that each goal needs, by the names of each package manager.
//!
//! Every run of the project's checks uses Debian's names. Fedora's are mostly file names and capabilities, which dnf
//! resolves itself, so that renamed packages don't matter.

/// A purpose that needs system packages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Goal {
    /// Build the programs and the window's pages.
    Build,
    /// Run a headless desktop, for the demo, the benchmarks and the stories.
    Desktop,
    /// Run a browser that takes pictures of the window's pages and visits those of the sandbox.
    Pictures,
    /// Run GNOME Shell, for the stories on it.
    Gnome,
    /// Run KDE Plasma 5, for the stories on it.
    Plasma,
    /// Run LXQt's panel, for the story on it.
    Lxqt,
    /// Run a service's own server, for the story with it.
    Servers,
    /// Run networks, servers and third-party programs, for the stories and the benchmarks.
    World,
    /// Profile a program, to order its functions by use.
    Layout,
    /// Make deb and rpm packages.
    Packages,
    /// Check deb and rpm packages.
    PackageChecks,
    /// Compile code for Windows and macOS.
    Cross,
    /// Run programs for Windows.
    Wine,
}

/// A way to find out whether a need is met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Probe {
    /// A program of this name can be started.
    Program(&'static str),
    /// pkg-config knows the library.
    Library(&'static str),
    /// The package manager lists its packages as installed.
    Installed,
}

/// A program, library or other thing that a goal needs.
#[derive(Debug)]
pub struct Need {
    pub goal: Goal,
    /// A description with the purpose.
    pub what: &'static str,
    pub probe: Probe,
    pub apt: &'static [&'static str],
    pub dnf: &'static [&'static str],
    pub pacman: &'static [&'static str],
    pub brew: &'static [&'static str],
}

const fn need(goal: Goal, what: &'static str, probe: Probe, names: [&'static [&'static str]; 3]) -> Need {
    let [apt, dnf, pacman] = names;
    Need { goal, what, probe, apt, dnf, pacman, brew: &[] }
}

const NODE: Need = Need {
    goal: Goal::Build,
    what: "Node.js and npm, which build the window's pages",
    probe: Probe::Program("npm"),
    apt: &["nodejs", "npm"],
    dnf: &["/usr/bin/node", "/usr/bin/npm"],
    pacman: &["nodejs", "npm"],
    brew: &["node"],
};

use Goal::{
    Build, Cross, Desktop, Gnome, Layout, Lxqt, PackageChecks, Packages, Pictures, Plasma, Servers, Wine,
    World,
};
use Probe::{Installed, Library, Program};

/// All needs on Linux. macOS and Windows have web views of their own, and run no desktop stories.
#[rustfmt::skip]
static LINUX: [Need; 68] = [
    NODE,
    need(Build, "pkg-config, which finds libraries", Program("pkg-config"),
        [&["pkg-config"], &["/usr/bin/pkg-config"], &["pkgconf"]]),
    need(Build, "WebKitGTK 4.1, the window's web view", Library("webkit2gtk-4.1"),
        [&["libwebkit2gtk-4.1-dev"], &["pkgconfig(webkit2gtk-4.1)"], &["webkit2gtk-4.1"]]),

    need(Desktop, "Xvfb, a display in memory", Program("Xvfb"),
        [&["xvfb"], &["/usr/bin/Xvfb"], &["xorg-server-xvfb"]]),
    need(Desktop, "the session bus", Program("dbus-daemon"),
        [&["dbus"], &["/usr/bin/dbus-daemon"], &["dbus"]]),
    need(Desktop, "the keyring", Program("gnome-keyring-daemon"),
        [&["gnome-keyring"], &["/usr/bin/gnome-keyring-daemon"], &["gnome-keyring"]]),
    need(Desktop, "the keyring's password dialog (gcr-prompter)", Installed,
        [&["gcr"], &["gcr3"], &["gcr"]]),
    need(Desktop, "secret-tool, which looks into the keyring", Program("secret-tool"),
        [&["libsecret-tools"], &["/usr/bin/secret-tool"], &["libsecret"]]),
    need(Desktop, "a window manager", Program("openbox"),
        [&["openbox"], &["/usr/bin/openbox"], &["openbox"]]),
    need(Desktop, "a notification daemon", Program("dunst"),
        [&["dunst"], &["/usr/bin/dunst"], &["dunst"]]),
    need(Desktop, "notify-send", Program("notify-send"),
        [&["libnotify-bin"], &["/usr/bin/notify-send"], &["libnotify"]]),
    need(Desktop, "a panel with a tray", Program("xfce4-panel"),
        [&["xfce4-panel"], &["/usr/bin/xfce4-panel"], &["xfce4-panel"]]),
    need(Desktop, "the panel's settings", Program("xfconf-query"),
        [&["xfconf"], &["/usr/bin/xfconf-query"], &["xfconf"]]),
    need(Desktop, "icons and how to draw them", Installed,
        [&["adwaita-icon-theme", "librsvg2-common"], &["adwaita-icon-theme", "librsvg2"], &["adwaita-icon-theme", "librsvg"]]),
    need(Desktop, "a font", Installed,
        [&["fonts-dejavu-core"], &["dejavu-sans-fonts"], &["ttf-dejavu"]]),
    need(Desktop, "the accessibility bus", Installed,
        [&["at-spi2-core"], &["at-spi2-core"], &["at-spi2-core"]]),
    need(Desktop, "the sources of languages (localedef)", Installed,
        [&["locales"], &["glibc-locale-source"], &["glibc"]]),
    need(Desktop, "ImageMagick, which takes the pictures", Program("import"),
        [&["imagemagick"], &["/usr/bin/import"], &["imagemagick"]]),
    need(Desktop, "xdotool, the mouse and keyboard", Program("xdotool"),
        [&["xdotool"], &["/usr/bin/xdotool"], &["xdotool"]]),
    need(Desktop, "wmctrl, which lists windows", Program("wmctrl"),
        [&["wmctrl"], &["/usr/bin/wmctrl"], &["wmctrl"]]),
    need(Desktop, "xprop, which asks a window", Program("xprop"),
        [&["x11-utils"], &["/usr/bin/xprop"], &["xorg-xprop"]]),
    need(Desktop, "xwininfo, which measures a window", Program("xwininfo"),
        [&["x11-utils"], &["/usr/bin/xwininfo"], &["xorg-xwininfo"]]),
    need(Desktop, "WebKitWebDriver, which fills in the window's form", Program("WebKitWebDriver"),
        [&["webkit2gtk-driver"], &["/usr/bin/WebKitWebDriver"], &["webkitgtk-6.0"]]),
    need(Desktop, "a web view in Python, for the stage's own tests", Installed,
        [&["gir1.2-webkit2-4.1", "python3-gi"], &["webkit2gtk4.1", "python3-gobject"], &["webkit2gtk-4.1", "python-gobject"]]),
    need(Desktop, "a tray item in Python, for the stage's own tests", Installed,
        [&["gir1.2-ayatanaappindicator3-0.1"], &["libayatana-appindicator-gtk3"], &["libayatana-appindicator"]]),

    // The stories know GNOME Shell 43 to 48; a newer one has no X11 and no window of its own.
    need(Gnome, "GNOME Shell, and the program that gives it notifications (gjs)", Installed,
        [&["gnome-shell", "gjs"], &["gnome-shell", "gjs"], &["gnome-shell", "gjs"]]),
    need(Gnome, "GNOME's extension for tray icons", Installed,
        [&["gnome-shell-extension-appindicator"], &["gnome-shell-extension-appindicator"], &["gnome-shell-extension-appindicator"]]),
    need(Gnome, "GNOME's settings, as portals and X11 programs are told them", Installed,
        [&["xdg-desktop-portal-gnome", "gnome-settings-daemon"], &["xdg-desktop-portal-gnome", "gnome-settings-daemon"],
            &["xdg-desktop-portal-gnome", "gnome-settings-daemon"]]),
    need(Gnome, "KeePassXC, a third-party keyring", Installed,
        [&["keepassxc"], &["keepassxc"], &["keepassxc"]]),
    // Fedora and Arch have Plasma 6, which the stories don't know: they are skipped there.
    need(Plasma, "Plasma 5: window manager, panel, tray and portal", Installed,
        [&["plasma-workspace", "plasma-desktop", "kwin-x11", "kded5", "xdg-desktop-portal-kde"], &[], &[]]),
    need(Plasma, "KWallet", Installed,
        [&["kwalletmanager", "libqca-qt5-2-plugins"], &[], &[]]),

    need(Lxqt, "LXQt's panel, another one with a tray", Program("lxqt-panel"),
        [&["lxqt-panel"], &["/usr/bin/lxqt-panel"], &["lxqt-panel"]]),

    // Debian starts it as a system service; the story starts its own elsewhere.
    need(Servers, "BIND, the name server behind nsupdate.info's own server", Program("named"),
        [&["bind9"], &["/usr/sbin/named"], &["bind"]]),
    need(Servers, "Python's virtual environments, for servers from PyPI", Installed,
        [&["python3-venv"], &["python3"], &["python"]]),

    // Debian only recommends the library that it needs for HTTPS.
    need(World, "ddclient, a third-party client that proves the sandbox", Installed,
        [&["ddclient", "libio-socket-ssl-perl"], &["ddclient", "perl-IO-Socket-SSL"], &["ddclient", "perl-io-socket-ssl"]]),
    need(World, "makepkg, which reads the recipe for Arch", Installed,
        [&["makepkg"], &[], &[]]),
    // Arch has none: its story is skipped there.
    need(World, "inadyn, another third-party client", Installed,
        [&["inadyn"], &["inadyn"], &[]]),
    need(World, "dig, which asks the sandbox's name server", Program("dig"),
        [&["bind9-dnsutils"], &["/usr/bin/dig"], &["bind"]]),

    // Many of these are in folders that only root has in `PATH`.
    need(World, "iproute2 and nftables, which make the stories' networks", Installed,
        [&["iproute2", "nftables"], &["iproute", "nftables"], &["iproute2", "nftables"]]),
    need(World, "conntrack, which ends connections as a reconnect does", Installed,
        [&["conntrack"], &["conntrack-tools"], &["conntrack-tools"]]),
    need(World, "Knot DNS, the name servers of the stories' networks", Installed,
        [&["knot", "knot-dnsutils"], &["knot", "knot-utils"], &["knot"]]),
    // Debian starts both as system services; the tests start their own elsewhere.
    need(World, "NSD and Unbound, third-party name servers", Installed,
        [&["nsd", "unbound"], &["nsd", "unbound"], &["nsd", "unbound"]]),
    need(World, "radvd, which gives a home its IPv6 prefix", Installed,
        [&["radvd"], &["radvd"], &["radvd"]]),
    need(World, "dnsmasq, which announces a prefix as deprecated", Installed,
        [&["dnsmasq-base"], &["dnsmasq"], &["dnsmasq"]]),
    need(World, "socat, both ends of the stories' VPN", Program("socat"),
        [&["socat"], &["socat"], &["socat"]]),
    // Only Debian's is known to be built for nftables; elsewhere the network stories may be skipped.
    need(World, "miniupnpd, UPnP and NAT-PMP of the stories' router", Installed,
        [&["miniupnpd-nftables"], &[], &[]]),
    need(World, "upnpc, which asks the stories' router", Program("upnpc"),
        [&["miniupnpc"], &["/usr/bin/upnpc"], &["miniupnpc"]]),
    need(World, "curl, which asks the stories' servers", Program("curl"),
        [&["curl"], &["/usr/bin/curl"], &["curl"]]),
    need(World, "faketime, which lets a machine sleep for an hour", Program("faketime"),
        [&["faketime"], &["/usr/bin/faketime"], &["libfaketime"]]),
    need(World, "strace, which counts the writes to the disk", Program("strace"),
        [&["strace"], &["strace"], &["strace"]]),

    need(Pictures, "Chromium and a font, for pictures of every page", Installed,
        [&["chromium", "fonts-dejavu-core"], &["chromium", "dejavu-sans-fonts"], &["chromium", "ttf-dejavu"]]),

    need(Layout, "valgrind, which profiles a program", Program("valgrind"),
        [&["valgrind"], &["/usr/bin/valgrind"], &["valgrind"]]),

    need(Packages, "dpkg-deb and dpkg-shlibdeps, which make deb packages", Program("dpkg-shlibdeps"),
        [&["dpkg-dev"], &["dpkg-dev"], &["dpkg"]]),
    need(Packages, "rpmbuild, which makes rpm packages", Program("rpmbuild"),
        [&["rpm"], &["rpm-build"], &["rpm-tools"]]),
    need(Packages, "desktop-file-validate", Program("desktop-file-validate"),
        [&["desktop-file-utils"], &["desktop-file-utils"], &["desktop-file-utils"]]),
    need(Packages, "appstreamcli, which checks the metadata for software centres", Program("appstreamcli"),
        [&["appstream"], &["appstream"], &["appstream"]]),

    need(PackageChecks, "lintian, which checks deb packages", Installed,
        [&["lintian"], &["lintian"], &[]]),
    need(PackageChecks, "rpmlint, which checks rpm packages", Installed,
        [&["rpmlint"], &["rpmlint"], &[]]),
    need(PackageChecks, "mmdebstrap, which makes a throwaway system", Installed,
        [&["mmdebstrap"], &["mmdebstrap"], &[]]),
    need(PackageChecks, "systemd-nspawn, which boots Debian with the packages", Program("systemd-nspawn"),
        [&["systemd-container"], &["systemd-container"], &["systemd"]]),
    need(PackageChecks, "systemd-analyze, which checks the service's unit", Program("systemd-analyze"),
        [&["systemd"], &["systemd"], &["systemd"]]),
    // `cargo xtask cross` runs on Debian only: compilers of other distributions come without the library's source.
    need(Cross, "Debian's Rust compiler, clippy and the source of the standard library, to compile it for Windows and macOS", Installed,
        [&["rustc-web", "cargo-web", "rust-web-src", "rust-web-clippy"], &[], &[]]),
    need(Cross, "MinGW, which compiles C for Windows and links", Installed,
        [&["gcc-mingw-w64-x86-64-win32", "g++-mingw-w64-x86-64-win32"], &["mingw64-gcc", "mingw64-gcc-c++"], &["mingw-w64-gcc"]]),
    need(Cross, "lld, which links in a tenth of the time", Program("ld.lld"),
        [&["lld"], &["lld"], &["lld"]]),
    need(Wine, "wine, which runs programs for Windows", Installed,
        [&["wine", "wine64"], &["wine-core"], &["wine"]]),
    need(Wine, "Xvfb, a display in memory for wine's tray", Program("Xvfb"),
        [&["xvfb"], &["/usr/bin/Xvfb"], &["xorg-server-xvfb"]]),
    need(Wine, "ImageMagick, which takes a picture of it", Program("import"),
        [&["imagemagick"], &["/usr/bin/import"], &["imagemagick"]]),
    need(Wine, "NSIS, which makes installers for Windows, 64-bit ones too", Installed,
        [&["nsis"], &[], &[]]),
];

static ELSEWHERE: [Need; 1] = [NODE];

/// The needs of the goals on this system.
pub fn needs(goals: &[Goal]) -> Vec<&'static Need> {
    let all: &'static [Need] = if cfg!(target_os = "linux") { &LINUX } else { &ELSEWHERE };
    all.iter().filter(|need| goals.contains(&need.goal)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_manager_of_a_linux_system_has_a_name_for_everything_that_is_looked_for() {
        for need in &LINUX {
            for names in [need.apt, need.dnf, need.pacman] {
                assert!(!names.is_empty() || need.probe == Installed, "{need:?}");
            }
        }
    }

    #[test]
    fn names_and_words_are_safe_to_put_in_a_command_line() {
        for need in &LINUX {
            let names = [need.apt, need.dnf, need.pacman, need.brew].concat();
            for name in names {
                let plain = |letter: char| letter.is_ascii_alphanumeric() || "-+._/()".contains(letter);
                assert!(name.chars().all(plain) && !name.starts_with('-'), "{name}");
            }
            assert!(!need.what.is_empty());
        }
    }

    #[test]
    fn building_needs_no_desktop() {
        let names = |goal| -> Vec<&str> {
            let needs = needs(goal);
            needs.iter().flat_map(|need| need.apt.iter().copied()).collect()
        };
        let build = names(&[Goal::Build]);
        assert!(!build.contains(&"xvfb"));
        #[cfg(target_os = "linux")]
        {
            assert!(build.contains(&"libwebkit2gtk-4.1-dev"));
            let both = names(&[Goal::Build, Goal::Desktop]);
            for name in
                ["libwebkit2gtk-4.1-dev", "xvfb", "gnome-keyring", "gcr", "locales", "webkit2gtk-driver"]
            {
                assert!(both.contains(&name), "{name}");
            }
            // The demo needs no name servers.
            assert!(!both.contains(&"knot") && names(&[Goal::World]).contains(&"knot"));
            assert!(!both.contains(&"chromium") && names(&[Goal::Pictures]).contains(&"chromium"));
        }
    }
}
