//! Installs the packages on a system that was made for it and is thrown away, so that nobody's machine is changed.
//!
//! `mmdebstrap` makes the smallest Debian there is, calls this program while it stands, and removes it. It needs no
//! root where the system lets people have namespaces of their own.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode, Output},
};

use super::{contents::Package, deb, facts, rpm};
use crate::{Result, command, count::Counts, workspace::named};

/// The word by which the throwaway system's maker calls this program.
pub const INSIDE: &str = "--inside";
/// How lines begin that tell of a test.
const GOOD: &str = "ok      ";
const BAD: &str = "FAILED  ";
/// What a package manager keeps for itself, and what is no file of a system.
const NOT_LOOKED_AT: [&str; 10] = [
    "proc",
    "sys",
    "dev",
    "run",
    "tmp",
    "var/cache",
    "var/log",
    "var/lib/apt",
    "var/lib/dpkg",
    "var/lib/rpm",
];

/// Makes the system, and counts what is told from within.
pub fn come_and_go() -> (Counts, Result<()>) {
    let mut counts = Counts::default();
    let end = Luggage::packed().and_then(|luggage| {
        command::run_and_listen(&mut system(&luggage)?, |line| {
            if line.starts_with(GOOD) {
                counts += Counts::PASSED;
            } else if line.starts_with(BAD) {
                counts += Counts::FAILED;
            }
        })
    });
    match end {
        Ok(()) if counts == Counts::default() => (counts, Err("nothing was told from within".into())),
        end => (counts, end),
    }
}

/// This program and the packages in a folder that everybody may read: without root, the system's root is somebody whom
/// the person's own folders don't let in. It looks as this program expects it: `FOLDER/package` beside
/// `FOLDER/programs/xtask`.
struct Luggage(PathBuf);

impl Luggage {
    fn packed() -> Result<Self> {
        let folder = std::env::temp_dir().join(format!("dyntray-packages-{}", std::process::id()));
        // Ours alone: nobody may have put something else there before.
        fs::create_dir(&folder).map_err(|error| named(&folder, &error))?;
        let luggage = Self(folder);
        super::stage::set_mode(&luggage.0, 0o755)?;
        let this = std::env::current_exe().map_err(|error| format!("this program isn't found: {error}"))?;
        let packages = Package::ALL.into_iter().flat_map(|package| [deb::path(package), rpm::path(package)]);
        for (from, to) in packages.map(|path| (path, "package")).chain([(this, "programs")]) {
            let mode = if to == "programs" { 0o755 } else { 0o644 };
            super::stage::copy(&from, &luggage.0.join(to).join(from.file_name().unwrap_or_default()), mode)?;
        }
        Ok(luggage)
    }

    fn this(&self) -> PathBuf {
        self.0.join("programs/xtask")
    }
}

impl Drop for Luggage {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn system(luggage: &Luggage) -> Result<Command> {
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    let code_name = release.lines().find_map(|line| line.strip_prefix("VERSION_CODENAME="));
    let code_name =
        code_name.ok_or("only Debian and its relatives can be made anew; this is none of them")?;
    let mut maker = command::program("mmdebstrap");
    // With apt, so that it finds by itself what the packages need.
    maker.args(["--variant=apt", "--format=null"]);
    maker.arg(format!("--customize-hook='{}' package {INSIDE} \"$1\"", luggage.this().display()));
    maker.args([code_name.trim_matches('"'), "-"]);
    Ok(maker)
}

/// Everything that is tried on the system at `root`.
pub fn inside(root: &Path) -> ExitCode {
    let mut trial = Trial { root: root.to_owned(), failed: false };
    let end = trial.deb().and_then(|()| trial.rpms()).and_then(|()| trial.debs());
    if let Err(problem) = &end {
        trial.holds(problem, false);
    }
    if trial.failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

struct Trial {
    root: PathBuf,
    failed: bool,
}

impl Trial {
    /// The always-on program, as on a server.
    fn deb(&mut self) -> Result<()> {
        // The system's own, where it has services.
        let private = self.root.join("var/lib/private");
        fs::create_dir_all(&private).map_err(|error| named(&private, &error))?;
        let before = files(&self.root);
        self.apt_installs(Package::Dyntray)?;
        self.holds("deb: dyntray comes without GTK", !self.has_gtk());
        self.runs("deb");
        self.holds(
            "deb: no file differs from the package's",
            said(&self.inside("dpkg", &["--verify", "dyntray"])).is_empty(),
        );
        self.leaves_state()?;
        self.done(&["apt-get", "purge", "--yes", "dyntray"])?;
        self.nothing_left("deb: dyntray alone", &before, &files(&self.root));
        Ok(())
    }

    /// Both, with everything that the window needs.
    fn debs(&mut self) -> Result<()> {
        self.apt_installs(Package::Window)?;
        let libraries = said(&self.inside("ldd", &["/usr/bin/dyntray-window"]));
        self.holds(
            "deb: the window finds all its libraries",
            libraries.contains("webkit2gtk") && !libraries.contains("not found"),
        );
        let version = said(&self.inside("dyntray-window", &["--version"]));
        self.holds("deb: the window starts", version == format!("dyntray-window {}", facts::VERSION));
        self.runs("deb, with its window");
        self.done(&["apt-get", "purge", "--yes", "dyntray", "dyntray-window"])?;
        self.nothing_named_left("deb: both");
        Ok(())
    }

    /// Both, without what the window needs: this system has it under other names.
    fn rpms(&mut self) -> Result<()> {
        for theirs in ["usr/share/applications", "usr/share/icons", "usr/share/licenses"] {
            let folder = self.root.join(theirs);
            fs::create_dir_all(&folder).map_err(|error| named(&folder, &error))?;
        }
        let before = files(&self.root);
        let paths = Package::ALL.map(|package| rpm::path(package).display().to_string());
        // Debian's RPM knows nothing of the libraries that are there.
        self.rpm(&["--install", "--nodeps", &paths[0], &paths[1]])?;
        self.runs("rpm");
        let listed = said(&self.rpm(&["--query", "--list", "dyntray-window"])?);
        self.holds("rpm: the window is in its package", listed == "/usr/bin/dyntray-window");
        let needs = said(&self.rpm(&["--query", "--requires", "dyntray-window"])?);
        self.holds(
            "rpm: the window needs the web engine's library",
            needs.contains("libwebkit2gtk-4.1.so.0"),
        );
        let needs = said(&self.rpm(&["--query", "--requires", "dyntray"])?);
        self.holds("rpm: dyntray needs no GTK", needs.contains("libc.so.6") && !needs.contains("gtk"));
        let differs = said(&self.rpm(&["--verify", "--nodeps", "dyntray", "dyntray-window"])?);
        self.holds("rpm: no file differs from the package's", differs.is_empty());
        self.rpm(&["--erase", "--nodeps", "dyntray-window", "dyntray"])?;
        self.nothing_left("rpm", &before, &files(&self.root));
        self.nothing_named_left("rpm");
        Ok(())
    }

    /// What every installed dyntray does.
    fn runs(&mut self, how: &str) {
        let version = said(&self.inside("dyntray", &["--version"]));
        self.holds(
            &format!("{how}: dyntray tells its version"),
            version == format!("dyntray {}", facts::VERSION),
        );
        let status = self.inside("dyntray", &["status"]);
        self.holds(
            &format!("{how}: dyntray status says that it isn't running"),
            status.status.code() == Some(3),
        );
    }

    /// What a service would leave behind, as if it had run.
    fn leaves_state(&self) -> Result<()> {
        for file in
            ["settings.toml", "secrets", "history.db"].map(|name| format!("var/lib/private/dyntray/{name}"))
        {
            let path = self.root.join(file);
            let folder = path.parent().unwrap_or(&self.root);
            fs::create_dir_all(folder)
                .and_then(|()| fs::write(&path, ""))
                .map_err(|error| named(&path, &error))?;
        }
        Ok(())
    }

    fn apt_installs(&mut self, package: Package) -> Result<()> {
        // The window needs the other package, which no archive has.
        for package in Package::ALL {
            let from = deb::path(package);
            let to = self.root.join("tmp").join(format!("{}.deb", package.name()));
            fs::copy(&from, &to).map_err(|error| named(&from, &error))?;
        }
        let mut words = vec!["apt-get", "install", "--yes", "--no-install-recommends", "/tmp/dyntray.deb"];
        if package == Package::Window {
            words.push("/tmp/dyntray-window.deb");
        }
        self.done(&words)?;
        self.holds(&format!("deb: {} is installed", package.name()), true);
        Ok(())
    }

    fn has_gtk(&self) -> bool {
        let packages = said(&self.inside("dpkg-query", &["--show", "--showformat", "${Package}\n"]));
        packages.lines().any(|name| name.starts_with("libgtk") || name.contains("webkit"))
    }

    /// Runs a program of the system's, as a person without a home would.
    fn inside(&self, program: &str, arguments: &[&str]) -> Output {
        let mut command = Command::new("chroot");
        command.arg(&self.root).arg(program).args(arguments);
        command.env_clear().envs([
            ("PATH", "/usr/sbin:/usr/bin:/sbin:/bin"),
            ("LC_ALL", "C.UTF-8"),
            ("HOME", "/tmp/home"),
            ("DEBIAN_FRONTEND", "noninteractive"),
        ]);
        output(&mut command)
    }

    /// Runs a program of the system's that must end well.
    fn done(&self, words: &[&str]) -> Result<()> {
        let [program, arguments @ ..] = words else { return Ok(()) };
        ended_well(&words.join(" "), self.inside(program, arguments)).map(|_| ())
    }

    /// Runs this machine's RPM for the system's files.
    fn rpm(&self, arguments: &[&str]) -> Result<Output> {
        let mut rpm = Command::new("rpm");
        rpm.arg("--root").arg(&self.root).args(["--dbpath", "/var/lib/rpm"]);
        // Debian's says that its packages are better, and stops.
        if Path::new("/etc/debian_version").exists() {
            rpm.arg("--force-debian");
        }
        ended_well(&format!("rpm {}", arguments.join(" ")), output(rpm.args(arguments)))
    }

    fn nothing_left(&mut self, of: &str, before: &BTreeSet<PathBuf>, after: &BTreeSet<PathBuf>) {
        let left: Vec<_> = after.difference(before).map(|path| path.display().to_string()).collect();
        self.holds(&format!("{of}: nothing is left afterwards {}", left.join(" ")), left.is_empty());
        let lost: Vec<_> = before.difference(after).map(|path| path.display().to_string()).collect();
        self.holds(&format!("{of}: nothing of others is gone {}", lost.join(" ")), lost.is_empty());
    }

    fn nothing_named_left(&mut self, of: &str) {
        let is_ours = |path: &&PathBuf| path.to_string_lossy().contains("dyntray");
        let left: Vec<_> =
            files(&self.root).iter().filter(is_ours).map(|path| path.display().to_string()).collect();
        self.holds(&format!("{of}: nothing of its name is left {}", left.join(" ")), left.is_empty());
    }

    fn holds(&mut self, what: &str, holds: bool) {
        println!("{}{}", if holds { GOOD } else { BAD }, what.trim_end());
        self.failed |= !holds;
    }
}

fn output(command: &mut Command) -> Output {
    let not_started = |error: std::io::Error| Output {
        status: std::process::ExitStatus::default(),
        stdout: Vec::new(),
        stderr: error.to_string().into_bytes(),
    };
    command.output().unwrap_or_else(not_started)
}

fn ended_well(what: &str, output: Output) -> Result<Output> {
    if output.status.success() {
        return Ok(output);
    }
    let words =
        String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
    Err(format!("`{what}` ended with {}: {words}", output.status))
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// All that lies in a system, but for what nobody looks at.
fn files(root: &Path) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    let mut open = vec![root.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let Ok(inside) = path.strip_prefix(root) else { continue };
            if NOT_LOOKED_AT.iter().any(|folder| inside == Path::new(folder)) {
                continue;
            }
            found.insert(inside.to_owned());
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                open.push(path);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace;

    #[test]
    fn what_lies_in_a_system_is_found_but_for_what_a_package_manager_keeps() {
        let root = workspace::target().join(format!("throwaway-{}", std::process::id()));
        for file in ["usr/bin/dyntray", "var/lib/dpkg/status", "var/lib/private/dyntray", "proc/1"] {
            let path = root.join(file);
            fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            fs::write(path, "").expect("written");
        }
        let found = files(&root);
        fs::remove_dir_all(&root).expect("removed");
        for (path, is_seen) in [
            ("usr/bin/dyntray", true),
            ("var/lib/private/dyntray", true),
            ("proc/1", false),
            ("var/lib/dpkg/status", false),
        ] {
            assert_eq!(found.contains(Path::new(path)), is_seen, "{path}");
        }
    }
}
