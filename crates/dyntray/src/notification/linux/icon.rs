//! The picture on a notification: the icon's name where a desktop can look it up, else a file of our own.

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use dyntray_control::RuntimeDir;

/// The name of the program's icon in an icon theme.
const NAME: &str = "dyntray";
/// The file in the runtime directory that stands for it.
const FILE: &str = "dyntray.png";

/// The icon of a notification: its name where it is installed, else the URL of a file. The specification has no other
/// form, and GNOME, Plasma, Xfce and dunst take both.
pub(super) fn icon() -> String {
    if is_installed(&data_folders()) {
        return NAME.to_owned();
    }
    let written = RuntimeDir::for_this_user().and_then(|folder| write_in(folder.directory()));
    match written {
        Ok(path) => file_url(&path),
        Err(error) => {
            tracing::warn!(%error, "the picture on notifications can't be written");
            NAME.to_owned()
        }
    }
}

/// The folders in which the desktop looks for icon themes. An AppImage adds its own, which no other program looks into.
fn data_folders() -> Vec<PathBuf> {
    let home = directories::BaseDirs::new().map(|folders| folders.data_dir().to_owned());
    let shared = env::var_os("XDG_DATA_DIRS").filter(|folders| !folders.is_empty());
    let shared = shared.unwrap_or_else(|| "/usr/local/share:/usr/share".into());
    let own = env::var_os("APPDIR").map(PathBuf::from);
    let is_own = |folder: &PathBuf| own.as_ref().is_some_and(|own| folder.starts_with(own));
    home.into_iter().chain(env::split_paths(&shared)).filter(|folder| !is_own(folder)).collect()
}

/// True if one of the folders has the icon in the theme that all others fall back to, in any size.
fn is_installed(data_folders: &[PathBuf]) -> bool {
    let has_icon = |size: PathBuf| {
        ["png", "svg"].iter().any(|ending| size.join("apps").join(format!("{NAME}.{ending}")).exists())
    };
    data_folders.iter().any(|folder| {
        let sizes = fs::read_dir(folder.join("icons/hicolor"));
        sizes.is_ok_and(|sizes| sizes.flatten().any(|size| has_icon(size.path())))
    })
}

/// The picture's file in `folder`. It is written where it isn't there yet, or is another version's.
fn write_in(folder: &Path) -> io::Result<PathBuf> {
    let path = folder.join(FILE);
    if fs::read(&path).ok().as_deref() != Some(dyntray_icons::APP) {
        fs::write(&path, dyntray_icons::APP)?;
    }
    Ok(path)
}

/// A path as URL.
fn file_url(path: &Path) -> String {
    use std::fmt::Write as _;
    use std::os::unix::ffi::OsStrExt as _;
    let mut url = "file://".to_owned();
    for &byte in path.as_os_str().as_bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte) {
            url.push(char::from(byte));
        } else {
            // Writing to a string can't fail.
            let _ = write!(url, "%{byte:02X}");
        }
    }
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_icon_is_installed_where_the_fall_back_theme_has_it_in_any_size() {
        let folder = tempfile::tempdir().expect("a folder");
        let folders = [folder.path().join("none"), folder.path().to_owned()];
        assert!(!is_installed(&folders));
        let apps = folder.path().join("icons/hicolor/48x48/apps");
        fs::create_dir_all(&apps).expect("folders");
        fs::write(apps.join("other.png"), "").expect("a file");
        assert!(!is_installed(&folders));
        fs::write(apps.join("dyntray.png"), "").expect("a file");
        assert!(is_installed(&folders));
    }

    #[test]
    fn without_an_installation_the_picture_is_a_file_with_the_programs_icon() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join(FILE), "an older version's").expect("a file");
        for _ in 0..2 {
            let path = write_in(folder.path()).expect("written");
            assert_eq!(fs::read(path).expect("a picture"), dyntray_icons::APP);
        }
    }

    #[test]
    fn odd_paths_become_urls() {
        assert_eq!(
            file_url(Path::new("/run/user/1000/dyntray/dyntray.png")),
            "file:///run/user/1000/dyntray/dyntray.png"
        );
        assert_eq!(file_url(Path::new("/home/ö 1%")), "file:///home/%C3%B6%201%25");
    }
}
