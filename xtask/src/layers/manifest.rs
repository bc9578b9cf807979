//! The parts of a `Cargo.toml` that the layers need.

/// The name of the package.
pub fn name(manifest: &str) -> Option<&str> {
    let (_, package) = manifest.split_once("[package]")?;
    let line = package.lines().find(|line| line.starts_with("name"))?;
    line.split('"').nth(1)
}

/// The names of all dependencies on any system, except those of tests.
pub fn dependencies(manifest: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut is_inside = false;
    for line in manifest.lines().map(str::trim) {
        if let Some(table) = line.strip_prefix('[').and_then(|line| line.split(']').next()) {
            let (before, last) = table.rsplit_once('.').unwrap_or(("", table));
            is_inside = is_list(table);
            if is_list(before) {
                found.push(last);
            }
        } else if is_inside
            && let Some((key, _)) = line.split_once(['.', ' ', '=']).filter(|_| !line.starts_with('#'))
        {
            found.push(key);
        }
    }
    found
}

/// Recognises `dependencies` and `build-dependencies`, also behind `target.'cfg(…)'.`.
fn is_list(table: &str) -> bool {
    let last = table.rsplit('.').next();
    last == Some("dependencies") || last == Some("build-dependencies")
}

/// The folders of the workspace's members. A folder that ends in `/*` stands for all folders in it.
pub fn members(manifest: &str) -> Vec<&str> {
    let list = manifest.split_once("\nmembers").and_then(|(_, list)| list.split(']').next());
    list.map(|list| list.split('"').skip(1).step_by(2).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_name_a_dependency_is_read_and_those_of_tests_are_not() {
        let manifest = "[package]\nname = \"one\"\n\n[dependencies]\n# dyntray-x = 1\na.workspace = true\n\
            b = \"1\"\nc={ version = \"1\", features = [\"x\"] }\n\n[dependencies.d]\nversion = \"1\"\n\
            [target.'cfg(windows)'.dependencies]\ne.workspace = true\n[build-dependencies]\nf = \"1\"\n\
            [dev-dependencies]\ng = \"1\"\n[dev-dependencies.h]\nversion = \"1\"\n[features]\ni = []\n";
        assert_eq!(name(manifest), Some("one"));
        assert_eq!(dependencies(manifest), ["a", "b", "c", "d", "e", "f"]);
    }

    #[test]
    fn members_are_read_from_a_list_of_any_length() {
        let manifest =
            "[workspace]\nresolver = \"3\"\nmembers = [\"crates/*\",\n  \"xtask\"]\nexclude = [\"x\"]\n";
        assert_eq!(members(manifest), ["crates/*", "xtask"]);
    }
}
