//! Node.js: its version, and the npm packages of the window's pages.

use std::process::Command;

use crate::{Result, command, fresh, workspace};

/// Installs the npm packages unless `ui/node_modules` matches `ui/package-lock.json`.
pub fn prepare() -> Result<()> {
    check_version()?;
    let ui = workspace::root().join("ui");
    let lock = ui.join("package-lock.json");
    if fresh::is_fresh(&ui.join("node_modules/.package-lock.json"), [lock.as_path()]) {
        println!("ui/node_modules is up to date.");
        return Ok(());
    }
    command::run(command::npm().args(["ci", "--no-audit", "--no-fund"]))
}

fn check_version() -> Result<()> {
    let description = workspace::read("ui/package.json")?;
    let found = command::output(Command::new("node").arg("--version"))
        .ok_or("Node.js is missing: `node` can't be started")?;
    match (required(&description), version(&found)) {
        (Some(required), Some(version)) if version < required => Err(format!(
            "Node.js {found} is too old for the window's pages: {}.{} or newer is needed",
            required.0, required.1
        )),
        _ => Ok(()),
    }
}

/// The oldest Node.js that `package.json` allows: `"engines": { "node": ">=20.19" }`.
fn required(package: &str) -> Option<(u32, u32)> {
    let (_, engines) = package.split_once("\"engines\"")?;
    let (_, node) = engines.split_once(">=")?;
    version(node.split('"').next()?)
}

/// `v20.20.2` → (20, 20)
fn version(text: &str) -> Option<(u32, u32)> {
    let mut numbers = text.trim().trim_start_matches('v').split('.').map(str::parse);
    let major = numbers.next()?.ok()?;
    let minor = numbers.next().and_then(Result::ok).unwrap_or(0);
    Some((major, minor))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_by_number() {
        assert_eq!(version("v20.20.2"), Some((20, 20)));
        assert_eq!(version("22"), Some((22, 0)));
        assert!(version("v20.9.0") < version("20.19"));
        assert_eq!(version("unknown"), None);
    }

    #[test]
    fn the_requirement_is_read_from_the_package_description() {
        let package = r#"{ "type": "module", "engines": { "node": ">=20.19" }, "scripts": {} }"#;
        assert_eq!(required(package), Some((20, 19)));
        assert_eq!(required(r#"{ "name": "no-requirement" }"#), None);
    }
}
