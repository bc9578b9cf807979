//! What each goal needs from the system, and what the package managers call it.
//!
//! Debian's names are used by every run of the project's checks. Fedora's are mostly file names and capabilities,
//! which dnf resolves itself, so that renamed packages don't matter.

/// What somebody wants to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Goal {
    /// Build the programs and the window's pages.
    Build,
    /// Have a desktop without a display: for the demo, the figures and the stories.
    Desktop,
    /// Have a browser that takes pictures of the window's pages, and walks the sandbox's.
    Pictures,
    /// Have networks, servers and programs of others around it: for the stories and the figures.
    World,
    /// See what a program uses, to lay it out accordingly.
    Layout,
    /// Make packages for Debian's and RPM's systems.
    Packages,
    /// See that they are right.
    PackageChecks,
    /// Check code for Windows and macOS, and run programs for Windows.
    Cross,
}

/// How to see whether it is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Probe {
    /// A program of this name can be started.
    Program(&'static str),
    /// pkg-config knows the library.
    Library(&'static str),
    /// The package manager says that its packages are installed.
    Installed,
}

/// One thing that is needed.
#[derive(Debug)]
pub struct Need {
    pub goal: Goal,
    /// In words, with what it is for.
    pub what: &'static str,
    pub probe: Probe,
    pub apt: &'static [&'static str],
    pub dnf: &'static [&'static str],
    pub pacman: &'static [&'static str],
    pub brew: &'static [&'static str],
}

const fn build(what: &'static str, probe: Probe, names: [&'static [&'static str]; 3]) -> Need {
    let [apt, dnf, pacman] = names;
    Need { goal: Goal::Build, what, probe, apt, dnf, pacman, brew: &[] }
}

const fn desktop(what: &'static str, probe: Probe, names: [&'static [&'static str]; 3]) -> Need {
    let mut need = build(what, probe, names);
    need.goal = Goal::Desktop;
    need
}

const fn world(what: &'static str, probe: Probe, names: [&'static [&'static str]; 3]) -> Need {
    let mut need = build(what, probe, names);
    need.goal = Goal::World;
    need
}

const fn pictures(what: &'static str, probe: Probe, names: [&'static [&'static str]; 3]) -> Need {
    let mut need = build(what, probe, names);
    need.goal = Goal::Pictures;
    need
}

const fn layout(what: &'static str, probe: Probe, names: [&'static [&'static str]; 3]) -> Need {
    let mut need = build(what, probe, names);
    need.goal = Goal::Layout;
    need
}

const fn packages(what: &'static str, probe: Probe, names: [&'static [&'static str]; 3]) -> Need {
    let mut need = build(what, probe, names);
    need.goal = Goal::Packages;
    need
}

const fn package_checks(what: &'static str, probe: Probe, names: [&'static [&'static str]; 3]) -> Need {
    let mut need = build(what, probe, names);
    need.goal = Goal::PackageChecks;
    need
}

const fn cross(what: &'static str, probe: Probe, names: [&'static [&'static str]; 3]) -> Need {
    let mut need = build(what, probe, names);
    need.goal = Goal::Cross;
    need
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

use Probe::{Installed, Library, Program};

/// Everything that Linux needs. (macOS and Windows bring their own web views, and tell no desktop stories.)
#[rustfmt::skip]
static LINUX: [Need; 55] = [
    NODE,
    build("pkg-config, which finds libraries", Program("pkg-config"),
        [&["pkg-config"], &["/usr/bin/pkg-config"], &["pkgconf"]]),
    build("WebKitGTK 4.1, the window's web view", Library("webkit2gtk-4.1"),
        [&["libwebkit2gtk-4.1-dev"], &["pkgconfig(webkit2gtk-4.1)"], &["webkit2gtk-4.1"]]),

    desktop("Xvfb, a display in memory", Program("Xvfb"),
        [&["xvfb"], &["/usr/bin/Xvfb"], &["xorg-server-xvfb"]]),
    desktop("the session bus", Program("dbus-daemon"),
        [&["dbus"], &["/usr/bin/dbus-daemon"], &["dbus"]]),
    desktop("the keyring", Program("gnome-keyring-daemon"),
        [&["gnome-keyring"], &["/usr/bin/gnome-keyring-daemon"], &["gnome-keyring"]]),
    desktop("the keyring's password dialog (gcr-prompter)", Installed,
        [&["gcr"], &["gcr3"], &["gcr"]]),
    desktop("secret-tool, which looks into the keyring", Program("secret-tool"),
        [&["libsecret-tools"], &["/usr/bin/secret-tool"], &["libsecret"]]),
    desktop("a window manager", Program("openbox"),
        [&["openbox"], &["/usr/bin/openbox"], &["openbox"]]),
    desktop("a notification daemon", Program("dunst"),
        [&["dunst"], &["/usr/bin/dunst"], &["dunst"]]),
    desktop("notify-send", Program("notify-send"),
        [&["libnotify-bin"], &["/usr/bin/notify-send"], &["libnotify"]]),
    desktop("a panel with a tray", Program("xfce4-panel"),
        [&["xfce4-panel"], &["/usr/bin/xfce4-panel"], &["xfce4-panel"]]),
    desktop("the panel's settings", Program("xfconf-query"),
        [&["xfconf"], &["/usr/bin/xfconf-query"], &["xfconf"]]),
    desktop("icons and how to draw them", Installed,
        [&["adwaita-icon-theme", "librsvg2-common"], &["adwaita-icon-theme", "librsvg2"], &["adwaita-icon-theme", "librsvg"]]),
    desktop("a font", Installed,
        [&["fonts-dejavu-core"], &["dejavu-sans-fonts"], &["ttf-dejavu"]]),
    desktop("the accessibility bus", Installed,
        [&["at-spi2-core"], &["at-spi2-core"], &["at-spi2-core"]]),
    desktop("the sources of languages (localedef)", Installed,
        [&["locales"], &["glibc-locale-source"], &["glibc"]]),
    desktop("ImageMagick, which takes the pictures", Program("import"),
        [&["imagemagick"], &["/usr/bin/import"], &["imagemagick"]]),
    desktop("xdotool, the mouse and keyboard", Program("xdotool"),
        [&["xdotool"], &["/usr/bin/xdotool"], &["xdotool"]]),
    desktop("wmctrl, which lists windows", Program("wmctrl"),
        [&["wmctrl"], &["/usr/bin/wmctrl"], &["wmctrl"]]),
    desktop("xprop, which asks a window", Program("xprop"),
        [&["x11-utils"], &["/usr/bin/xprop"], &["xorg-xprop"]]),
    desktop("xwininfo, which measures a window", Program("xwininfo"),
        [&["x11-utils"], &["/usr/bin/xwininfo"], &["xorg-xwininfo"]]),
    desktop("WebKitWebDriver, which fills in the window's form", Program("WebKitWebDriver"),
        [&["webkit2gtk-driver"], &["/usr/bin/WebKitWebDriver"], &["webkitgtk-6.0"]]),
    desktop("a web view in Python, for the stage's own tests", Installed,
        [&["gir1.2-webkit2-4.1", "python3-gi"], &["webkit2gtk4.1", "python3-gobject"], &["webkit2gtk-4.1", "python-gobject"]]),
    desktop("a tray item in Python, for the stage's own tests", Installed,
        [&["gir1.2-ayatanaappindicator3-0.1"], &["libayatana-appindicator-gtk3"], &["libayatana-appindicator"]]),

    // Debian only recommends what it needs to speak HTTPS.
    world("ddclient, a client of others that proves the sandbox", Installed,
        [&["ddclient", "libio-socket-ssl-perl"], &["ddclient", "perl-IO-Socket-SSL"], &["ddclient", "perl-io-socket-ssl"]]),
    // Arch has none; its story says there that it was skipped.
    world("inadyn, another one", Installed,
        [&["inadyn"], &["inadyn"], &[]]),
    world("dig, which asks the sandbox's name server", Program("dig"),
        [&["bind9-dnsutils"], &["/usr/bin/dig"], &["bind"]]),

    // Many of these lie where only root's shell looks for programs.
    world("iproute2 and nftables, which make the stories' networks", Installed,
        [&["iproute2", "nftables"], &["iproute", "nftables"], &["iproute2", "nftables"]]),
    world("conntrack, which ends connections as a reconnect does", Installed,
        [&["conntrack"], &["conntrack-tools"], &["conntrack-tools"]]),
    world("Knot DNS, the name servers of the stories' networks", Installed,
        [&["knot", "knot-dnsutils"], &["knot", "knot-utils"], &["knot"]]),
    // On Debian both start as services of the system; the tests start their own, elsewhere.
    world("NSD and Unbound, name servers of others", Installed,
        [&["nsd", "unbound"], &["nsd", "unbound"], &["nsd", "unbound"]]),
    world("radvd, which gives a home its IPv6 prefix", Installed,
        [&["radvd"], &["radvd"], &["radvd"]]),
    world("socat, both ends of the stories' VPN", Program("socat"),
        [&["socat"], &["socat"], &["socat"]]),
    // Only Debian's is known to be made for nftables; elsewhere the networks' stories may say that they were skipped.
    world("miniupnpd, UPnP and NAT-PMP of the stories' router", Installed,
        [&["miniupnpd-nftables"], &[], &[]]),
    world("upnpc, which asks the stories' router", Program("upnpc"),
        [&["miniupnpc"], &["/usr/bin/upnpc"], &["miniupnpc"]]),
    world("curl, which asks the stories' servers", Program("curl"),
        [&["curl"], &["/usr/bin/curl"], &["curl"]]),
    world("faketime, which lets a machine sleep for an hour", Program("faketime"),
        [&["faketime"], &["/usr/bin/faketime"], &["libfaketime"]]),

    pictures("Chromium and a font, for pictures of every page", Installed,
        [&["chromium", "fonts-dejavu-core"], &["chromium", "dejavu-sans-fonts"], &["chromium", "ttf-dejavu"]]),

    layout("valgrind, which sees what a program uses", Program("valgrind"),
        [&["valgrind"], &["/usr/bin/valgrind"], &["valgrind"]]),

    packages("dpkg-deb and dpkg-shlibdeps, which make Debian's packages", Program("dpkg-shlibdeps"),
        [&["dpkg-dev"], &["dpkg-dev"], &["dpkg"]]),
    packages("rpmbuild, which makes RPM's packages", Program("rpmbuild"),
        [&["rpm"], &["rpm-build"], &["rpm-tools"]]),
    packages("desktop-file-validate", Program("desktop-file-validate"),
        [&["desktop-file-utils"], &["desktop-file-utils"], &["desktop-file-utils"]]),
    packages("appstreamcli, which reads what software centres read", Program("appstreamcli"),
        [&["appstream"], &["appstream"], &["appstream"]]),

    package_checks("lintian, Debian's rules for packages", Installed,
        [&["lintian"], &["lintian"], &[]]),
    package_checks("rpmlint, RPM's rules for packages", Installed,
        [&["rpmlint"], &["rpmlint"], &[]]),
    package_checks("mmdebstrap, which makes a throwaway system", Installed,
        [&["mmdebstrap"], &["mmdebstrap"], &[]]),
    package_checks("systemd-analyze, which reads the service's unit", Program("systemd-analyze"),
        [&["systemd"], &["systemd"], &["systemd"]]),
    // `cargo xtask cross` is left out elsewhere, as others' compilers come without the library's source.
    cross("Debian's Rust compiler, clippy and the source of their library, to compile it for Windows and macOS", Installed,
        [&["rustc-web", "cargo-web", "rust-web-src", "rust-web-clippy"], &[], &[]]),
    cross("MinGW, which compiles C for Windows and links", Installed,
        [&["gcc-mingw-w64-x86-64-win32", "g++-mingw-w64-x86-64-win32"], &["mingw64-gcc", "mingw64-gcc-c++"], &["mingw-w64-gcc"]]),
    cross("lld, which links in a tenth of the time", Program("ld.lld"),
        [&["lld"], &["lld"], &["lld"]]),
    cross("wine, which runs programs for Windows", Installed,
        [&["wine", "wine64"], &["wine-core"], &["wine"]]),
    cross("Xvfb, a display in memory for wine's tray", Program("Xvfb"),
        [&["xvfb"], &["/usr/bin/Xvfb"], &["xorg-server-xvfb"]]),
    cross("ImageMagick, which takes a picture of it", Program("import"),
        [&["imagemagick"], &["/usr/bin/import"], &["imagemagick"]]),
    cross("NSIS, which makes installers for Windows, 64-bit ones too", Installed,
        [&["nsis"], &[], &[]]),
];

static ELSEWHERE: [Need; 1] = [NODE];

/// What the goals need on this system.
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
            // Who only wants to see the demo needn't have name servers.
            assert!(!both.contains(&"knot") && names(&[Goal::World]).contains(&"knot"));
            assert!(!both.contains(&"chromium") && names(&[Goal::Pictures]).contains(&"chromium"));
        }
    }
}
