//! Pictures, secrets and Python programs for the stories about the stage.

use std::{
    path::{Path, PathBuf},
    process::Stdio,
};

use dyntray_stories::{PATIENCE, Story, desktop::Desktop, needs, processes};
use tokio::io::AsyncWriteExt as _;

/// The path of a picture.
pub fn picture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("pictures").join(name)
}

/// The path of a Python program of these stories.
pub fn program(name: &str) -> String {
    format!("{}/tests/harness/programs/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// Tells whether a story has to be skipped because Debian's Python can't import this library.
///
/// # Panics
/// When it can't and the environment has `DYNTRAY_NO_SKIP`.
pub fn skipped_without(story: &str, (name, version): (&str, &str)) -> bool {
    let script = format!("import gi; gi.require_version('{name}', '{version}')");
    let imported =
        std::process::Command::new("/usr/bin/python3").args(["-c", &script]).stderr(Stdio::null()).status();
    if imported.is_ok_and(|status| status.success()) {
        return false;
    }
    needs::skipped(story, &[&format!("the introspection data of {name} {version}")])
}

/// Stores a secret in the desktop's keyring.
pub async fn store(desktop: &Desktop, name: &str, secret: &str) -> Story {
    let mut tool = desktop
        .command("secret-tool")
        .args(["store", "--label", name, "story", name])
        .stdin(Stdio::piped())
        .spawn()?;
    tool.stdin.take().expect("piped").write_all(secret.as_bytes()).await?;
    match processes::wait_exit(&mut tool, PATIENCE).await? {
        0 => Ok(()),
        code => Err(format!("secret-tool: exit code {code}").into()),
    }
}
