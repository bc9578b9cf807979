//! `cargo xtask channels`: what package channels want to know of a release.

use crate::{Result, command, package::metadata::VERSION, workspace};

/// The folder that it is written to, below the workspace.
const FOLDER: &str = "target/channels";

/// Writes the manifests for winget, scoop, Homebrew and Arch's user repository. `release` is a folder with the files of the
/// release, `homepage` the page below which they can be downloaded.
pub fn write(release: &str, homepage: &str) -> Result<()> {
    let mut node = command::program("node");
    command::run(node.args(["packaging/channels/write.mjs", release, VERSION, homepage, FOLDER]))?;
    println!("\nSee {}", workspace::root().join(FOLDER).display());
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::{
        env, fs,
        path::{Path, PathBuf},
        process::Command,
    };

    use super::*;
    use crate::package::metadata;

    const HOMEPAGE: &str = "https://example.org/dyntray";

    /// A release's files, each with its name as content, and the manifests made from it.
    struct Written(PathBuf);

    impl Written {
        fn of(name: &str, files: &[&str]) -> (Self, bool) {
            let folder = env::temp_dir().join(format!("dyntray-channels-{name}-{}", std::process::id()));
            let release = folder.join("release");
            fs::create_dir_all(&release).expect("a folder");
            for file in files {
                fs::write(release.join(file), file).expect("a file");
            }
            let mut node = Command::new("node");
            node.current_dir(workspace::root()).arg("packaging/channels/write.mjs");
            node.arg(&release).args(["1.2.3", HOMEPAGE]).arg(folder.join("channels"));
            let ended = node.output().expect("node starts");
            (Written(folder), ended.status.success())
        }

        fn file(&self, path: &str) -> String {
            fs::read_to_string(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
        }

        fn path(&self, path: &str) -> PathBuf {
            self.0.join("channels").join(path)
        }

        fn sha256(&self, file: &str) -> String {
            let sum = Command::new("sha256sum").arg(self.0.join("release").join(file)).output();
            let sum = String::from_utf8(sum.expect("sha256sum starts").stdout).expect("text");
            sum.split(' ').next().expect("a checksum").to_owned()
        }
    }

    impl Drop for Written {
        fn drop(&mut self) {
            // What is left in the temporary folder hurts nobody.
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    const RELEASE: [&str; 7] = [
        "Dyntray_1.2.3_x64-setup.exe",
        "Dyntray_1.2.3_arm64-setup.exe",
        "Dyntray_1.2.3_universal.dmg",
        "dyntray_1.2.3-1_amd64.deb",
        "dyntray_1.2.3-1_arm64.deb",
        "dyntray-window_1.2.3-1_amd64.deb",
        "dyntray-window_1.2.3-1_arm64.deb",
    ];

    /// Ends a test with the reason where a program that checks is missing.
    fn is_missing(program: &str) -> bool {
        let is_missing = !command::is_on_path(program);
        if is_missing {
            println!("SKIPPED a check by {program}: it isn't installed");
        }
        is_missing
    }

    #[test]
    fn each_channel_gets_the_addresses_and_checksums_of_its_files() {
        let (written, is_made) = Written::of("all", &RELEASE);
        assert!(is_made);
        let installer = written.file("winget/Dyntray.Dyntray.installer.yaml");
        let scoop = written.file("scoop/dyntray.json");
        for setup in [RELEASE[0], RELEASE[1]] {
            let sum = written.sha256(setup);
            let address = format!("{HOMEPAGE}/releases/download/v1.2.3/{setup}");
            assert!(installer.contains(&sum.to_uppercase()) && installer.contains(&address), "{installer}");
            assert!(scoop.contains(&sum) && scoop.contains(&format!("{address}#/dl.7z")), "{scoop}");
            let next = setup.replace("1.2.3", "$version");
            assert!(scoop.contains(&format!("/v$version/{next}#/dl.7z")), "{scoop}");
        }
        assert!(scoop.contains("dyntray.com"), "the shell waits for the program with a console: {scoop}");
        let cask = written.file("homebrew/Casks/dyntray.rb");
        assert!(cask.contains(&written.sha256(RELEASE[2])), "{cask}");
        assert!(cask.contains("/v#{version}/Dyntray_#{version}_universal.dmg"), "{cask}");
        let recipe = written.file("aur/PKGBUILD");
        for package in &RELEASE[3..] {
            assert!(recipe.contains(&written.sha256(package)), "{package}: {recipe}");
        }
    }

    #[test]
    fn the_recipe_for_arch_is_one_that_makepkg_reads() {
        if is_missing("makepkg") || is_missing("runuser") {
            return;
        }
        let (written, is_made) = Written::of("arch", &RELEASE);
        assert!(is_made);
        let folder = written.path("aur");
        let said = source_info(&folder);
        for line in ["pkgbase = dyntray-bin", "pkgver = 1.2.3", "source_aarch64 = ", "license = Apache-2.0"] {
            assert!(said.contains(line), "{line}: {said}");
        }
    }

    /// `.SRCINFO`, as makepkg writes it. It refuses to run as root.
    fn source_info(folder: &Path) -> String {
        let mut command = Command::new("runuser");
        // It looks for pacman and for places to write to, which it doesn't need for this.
        command.current_dir(folder).env("PACMAN", "true");
        for place in ["BUILDDIR", "PKGDEST", "SRCDEST", "SRCPKGDEST", "LOGDEST"] {
            command.env(place, env::temp_dir());
        }
        command.args(["-u", "nobody", "--", "makepkg", "--printsrcinfo"]);
        let ended = command.output().expect("runuser starts");
        assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
        String::from_utf8(ended.stdout).expect("text")
    }

    #[test]
    fn a_release_without_one_of_its_files_gets_no_manifests_of_it() {
        let (_written, is_made) = Written::of("incomplete", &RELEASE[..6]);
        assert!(!is_made);
    }

    #[test]
    fn channels_and_packages_say_the_same() {
        let facts = workspace::read("packaging/channels/facts.json").expect("it is in the repository");
        for said in [metadata::SUMMARY, metadata::LICENCE, metadata::VENDOR] {
            assert!(facts.contains(&format!("\"{said}\"")), "{said}");
        }
        let window = workspace::read("src-tauri/tauri.conf.json").expect("it is in the repository");
        assert!(
            window.contains("\"identifier\": \"de.dyntray.window\"")
                && facts.contains("\"macosId\": \"de.dyntray.window\"")
        );
    }
}
