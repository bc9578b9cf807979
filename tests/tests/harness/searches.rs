//! Searches for figures and secrets in processes and files.

use std::time::Duration;

use dyntray_stories::{PATIENCE, Story, processes, search::Secret, wait::eventually};

#[tokio::test]
async fn processes_tell_memory_libraries_words_and_environment() -> Story {
    let mut sleeper = tokio::process::Command::new("sh")
        .args(["-c", "sleep 1000 & wait; true a-secret-word"])
        .env("TOKEN", "another-secret")
        .kill_on_drop(true)
        .spawn()?;
    let pid = sleeper.id().expect("running");
    let tree = eventually("the shell's child", PATIENCE, async || {
        let tree = processes::tree(pid);
        (tree.len() == 2 && processes::name(tree[1]).as_deref() == Some("sleep")).then_some(tree)
    })
    .await?;
    let (own, all) = (processes::pss_kib(pid), processes::tree_pss_kib(pid));
    assert!(own > Some(50) && all > own, "{own:?} {all:?}");
    assert_eq!(Secret::new("a-secret-word").find_in_processes(&tree).len(), 1);
    assert_eq!(Secret::new("another-secret").find_in_processes(&tree).len(), 2);

    let libraries = processes::linked_libraries(&std::env::current_exe()?)?;
    assert!(libraries.iter().any(|name| name == "libc.so.6"), "{libraries:?}");
    assert!(!libraries.iter().any(|name| name.contains("gtk")), "{libraries:?}");

    let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
    assert_eq!(processes::listening_on(listener.local_addr()?.port()), Some(std::process::id()));

    let waiting = processes::wait_exit(&mut sleeper, Duration::from_millis(50)).await;
    assert!(waiting.expect_err("it sleeps").to_string().contains("(sh) to end"));
    for pid in &tree {
        tokio::process::Command::new("kill").args(["-9", &pid.to_string()]).status().await?;
    }
    assert_eq!(processes::wait_exit(&mut sleeper, PATIENCE).await?, 128 + 9);
    assert_eq!(processes::tree_pss_kib(pid), None);
    Ok(())
}

#[tokio::test]
async fn a_secret_is_found_in_any_file_below_a_folder() -> Story {
    let folder = tempfile::tempdir()?;
    std::fs::create_dir(folder.path().join("deep"))?;
    std::fs::write(folder.path().join("deep/state.db-wal"), b"\0\0\x01abcdefghijkl\xff")?;
    std::fs::write(folder.path().join("innocent"), b"abcdefghijk")?;
    std::os::unix::fs::symlink("/nowhere", folder.path().join("dangling"))?;
    let leaks = Secret::new("abcdefghijkl").find_below(folder.path())?;
    assert_eq!(leaks.len(), 1);
    assert!(leaks[0].place.ends_with("deep/state.db-wal"));
    assert_eq!((leaks[0].offset, leaks[0].shape), (3, "plain"));
    Ok(())
}
