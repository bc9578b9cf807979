//! The tests on the throwaway system: packages are installed, started and removed.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use crate::{
    Result,
    files::{self, path_error},
    package::{contents::Package, deb, metadata, rpm},
};

/// The start of the line of a passed test.
pub const PASSED: &str = "ok      ";
/// The start of the line of a failed test.
pub const FAILED: &str = "FAILED  ";

/// Folders that belong to the package managers or to no file system.
const IGNORED: [&str; 10] = [
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

/// The tests on one system.
pub struct Trial {
    root: PathBuf,
    failed: bool,
}

impl Trial {
    /// The tests on the system at `root`.
    pub fn of(root: &Path) -> Self {
        Self { root: root.to_owned(), failed: false }
    }

    /// Runs all tests, and tells whether they passed.
    pub fn run(mut self) -> bool {
        let result = self.deb().and_then(|()| self.rpms()).and_then(|()| self.debs());
        if let Err(problem) = &result {
            self.check(problem, false);
        }
        !self.failed
    }

    /// Tests the deb of the always-on program, as on a server.
    fn deb(&mut self) -> Result<()> {
        // systemd makes this folder on a system with services.
        files::create_folder(&self.root.join("var/lib/private"))?;
        // What a package needs stays when that is removed, and is most often there before.
        self.run_inside(&["apt-get", "install", "--yes", "--no-install-recommends", "ca-certificates"])?;
        let before = files(&self.root);
        self.apt_installs(Package::Dyntray)?;
        self.check("deb: dyntray comes without GTK", !self.has_gtk());
        self.check_program("deb");
        self.check(
            "deb: no file differs from the package's",
            stdout(&self.inside("dpkg", &["--verify", "dyntray"])).is_empty(),
        );
        self.write_state()?;
        self.run_inside(&["apt-get", "purge", "--yes", "dyntray"])?;
        self.check_files("deb: dyntray alone", &before, &files(&self.root));
        Ok(())
    }

    /// Tests both debs, with all dependencies of the window.
    fn debs(&mut self) -> Result<()> {
        self.apt_installs(Package::Window)?;
        let libraries = stdout(&self.inside("ldd", &["/usr/bin/dyntray-window"]));
        self.check(
            "deb: the window finds all its libraries",
            libraries.contains("webkit2gtk") && !libraries.contains("not found"),
        );
        let version = stdout(&self.inside("dyntray-window", &["--version"]));
        self.check("deb: the window starts", version == format!("dyntray-window {}", metadata::VERSION));
        self.check_program("deb, with its window");
        self.run_inside(&["apt-get", "purge", "--yes", "dyntray", "dyntray-window"])?;
        self.check_names("deb: both");
        Ok(())
    }

    /// Tests both rpms, without dependencies: this system has them by other names.
    fn rpms(&mut self) -> Result<()> {
        for shared in ["usr/share/applications", "usr/share/icons", "usr/share/licenses"] {
            files::create_folder(&self.root.join(shared))?;
        }
        let before = files(&self.root);
        let paths = Package::ALL.map(|package| rpm::path(package).display().to_string());
        // Debian's rpm doesn't know the installed libraries.
        self.rpm(&["--install", "--nodeps", &paths[0], &paths[1]])?;
        self.check_program("rpm");
        let listed = stdout(&self.rpm(&["--query", "--list", "dyntray-window"])?);
        self.check("rpm: the window is in its package", listed == "/usr/bin/dyntray-window");
        let requires = stdout(&self.rpm(&["--query", "--requires", "dyntray-window"])?);
        self.check(
            "rpm: the window needs the web engine's library",
            requires.contains("libwebkit2gtk-4.1.so.0"),
        );
        let requires = stdout(&self.rpm(&["--query", "--requires", "dyntray"])?);
        self.check("rpm: dyntray needs no GTK", requires.contains("libc.so.6") && !requires.contains("gtk"));
        let differs = stdout(&self.rpm(&["--verify", "--nodeps", "dyntray", "dyntray-window"])?);
        self.check("rpm: no file differs from the package's", differs.is_empty());
        self.rpm(&["--erase", "--nodeps", "dyntray-window", "dyntray"])?;
        self.check_files("rpm", &before, &files(&self.root));
        self.check_names("rpm");
        Ok(())
    }

    /// Tests the installed program.
    fn check_program(&mut self, how: &str) {
        let version = stdout(&self.inside("dyntray", &["--version"]));
        self.check(
            &format!("{how}: dyntray prints its version"),
            version == format!("dyntray {}", metadata::VERSION),
        );
        let status = self.inside("dyntray", &["status"]);
        self.check(
            &format!("{how}: dyntray status says that it isn't running"),
            status.status.code() == Some(3),
        );
    }

    /// Writes the files that a service leaves behind.
    fn write_state(&self) -> Result<()> {
        let folder = self.root.join("var/lib/private/dyntray");
        let files = ["settings.toml", "secrets", "history.db"];
        files.into_iter().try_for_each(|name| files::write(&folder.join(name), ""))
    }

    fn apt_installs(&mut self, package: Package) -> Result<()> {
        // The window depends on the other package, which no archive has.
        for package in Package::ALL {
            let from = deb::path(package);
            let to = self.root.join("tmp").join(format!("{}.deb", package.name()));
            fs::copy(&from, &to).map_err(|error| path_error(&from, &error))?;
        }
        let mut words = vec!["apt-get", "install", "--yes", "--no-install-recommends", "/tmp/dyntray.deb"];
        if package == Package::Window {
            words.push("/tmp/dyntray-window.deb");
        }
        self.run_inside(&words)?;
        self.check(&format!("deb: {} is installed", package.name()), true);
        Ok(())
    }

    fn has_gtk(&self) -> bool {
        let packages = stdout(&self.inside("dpkg-query", &["--show", "--showformat", "${Package}\n"]));
        packages.lines().any(|name| name.starts_with("libgtk") || name.contains("webkit"))
    }

    /// Runs a program on the system, with a home folder that doesn't exist.
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

    /// Runs a program on the system that must succeed.
    fn run_inside(&self, words: &[&str]) -> Result<()> {
        let [program, arguments @ ..] = words else { return Ok(()) };
        check_status(&words.join(" "), self.inside(program, arguments)).map(|_| ())
    }

    /// Runs this machine's rpm on the system's files.
    fn rpm(&self, arguments: &[&str]) -> Result<Output> {
        let mut rpm = Command::new("rpm");
        rpm.arg("--root").arg(&self.root).args(["--dbpath", "/var/lib/rpm"]);
        // Debian's rpm recommends debs, and stops.
        if Path::new("/etc/debian_version").exists() {
            rpm.arg("--force-debian");
        }
        check_status(&format!("rpm {}", arguments.join(" ")), output(rpm.args(arguments)))
    }

    fn check_files(&mut self, of: &str, before: &BTreeSet<PathBuf>, after: &BTreeSet<PathBuf>) {
        let left: Vec<_> = after.difference(before).collect();
        self.check(&format!("{of}: nothing is left afterwards {}", first(&left)), left.is_empty());
        let lost: Vec<_> = before.difference(after).collect();
        self.check(&format!("{of}: nothing of others is gone {}", first(&lost)), lost.is_empty());
    }

    fn check_names(&mut self, of: &str) {
        let is_ours = |path: &&PathBuf| path.to_string_lossy().contains("dyntray");
        let files = files(&self.root);
        let left: Vec<_> = files.iter().filter(is_ours).collect();
        self.check(&format!("{of}: nothing of its name is left {}", first(&left)), left.is_empty());
    }

    fn check(&mut self, what: &str, passed: bool) {
        println!("{}{}", if passed { PASSED } else { FAILED }, what.trim_end());
        self.failed |= !passed;
    }
}

fn output(command: &mut Command) -> Output {
    let start_error = |error: std::io::Error| Output {
        status: std::process::ExitStatus::default(),
        stdout: Vec::new(),
        stderr: error.to_string().into_bytes(),
    };
    command.output().unwrap_or_else(start_error)
}

fn check_status(what: &str, output: Output) -> Result<Output> {
    if output.status.success() {
        return Ok(output);
    }
    let text =
        String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
    Err(format!("`{what}` ended with {}: {text}", output.status))
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// The first of these paths, for a message.
fn first(paths: &[&PathBuf]) -> String {
    let shown: Vec<String> = paths.iter().take(10).map(|path| path.display().to_string()).collect();
    match paths.len() - shown.len() {
        0 => shown.join(" "),
        more => format!("{} and {more} more", shown.join(" ")),
    }
}

/// All files of a system except the ignored ones.
fn files(root: &Path) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    let mut open = vec![root.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let Ok(inside) = path.strip_prefix(root) else { continue };
            if IGNORED.iter().any(|folder| inside == Path::new(folder)) {
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
    fn all_files_of_a_system_are_found_except_those_of_package_managers() {
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
