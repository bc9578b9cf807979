//! The processes of a program: their memory, arguments, environment, and the libraries that they are linked to.
//!
//! Everything is read from `/proc`; a process that ends meanwhile is left out.

use std::{collections::HashMap, fs, path::Path, time::Duration};

use rustix::process::{Pid, Signal, kill_process};
use tokio::time::timeout;

use crate::{Error, Result};

/// The process and everything below it, parents first.
pub fn tree(pid: u32) -> Vec<u32> {
    let mut below: HashMap<u32, Vec<u32>> = HashMap::new();
    for child in all() {
        if let Some(parent) = parent(child) {
            below.entry(parent).or_default().push(child);
        }
    }
    let mut found = Vec::from_iter(is_alive(pid).then_some(pid));
    let mut next = 0;
    while let Some(parent) = found.get(next) {
        found.extend(below.remove(parent).unwrap_or_default());
        next += 1;
    }
    found
}

/// The program's name as the kernel keeps it: at most 15 letters, like `WebKitWebProces`.
pub fn name(pid: u32) -> Option<String> {
    Some(fs::read_to_string(format!("/proc/{pid}/comm")).ok()?.trim_end().to_owned())
}

/// Tells whether the process runs; one that ended and only waits for its parent doesn't.
pub fn is_alive(pid: u32) -> bool {
    state_and_parent(pid).is_some_and(|(state, _)| !matches!(state, 'Z' | 'X'))
}

/// Memory of one process in KiB, with shared pages divided among the processes that share them (PSS).
pub fn pss_kib(pid: u32) -> Option<u64> {
    rolled_up_kib(pid, "Pss:")
}

/// Memory of the process and everything below it in KiB (PSS); none when it is gone.
pub fn tree_pss_kib(pid: u32) -> Option<u64> {
    tree_kib(pid, "Pss:")
}

fn rolled_up_kib(pid: u32, name: &str) -> Option<u64> {
    let rollup = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).ok()?;
    let line = rollup.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}

/// The same without pages of files. Unlike the whole, it doesn't depend on other processes of the same program.
pub fn tree_anonymous_kib(pid: u32) -> Option<u64> {
    tree_kib(pid, "Pss_Anon:")
}

fn tree_kib(pid: u32, name: &str) -> Option<u64> {
    let tree = tree(pid);
    (!tree.is_empty()).then(|| tree.into_iter().filter_map(|pid| rolled_up_kib(pid, name)).sum())
}

/// The processor time that one process has used so far, in steps of 10 ms.
pub fn cpu_time(pid: u32) -> Option<Duration> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, after_name) = stat.rsplit_once(") ")?;
    // The 14th and 15th fields of all, in hundredths of a second on every Linux.
    let ticks: u64 =
        after_name.split(' ').skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
    Some(Duration::from_millis(ticks * 10))
}

/// The number of descriptors that the process has open; none when it is gone.
pub fn descriptors(pid: u32) -> Option<usize> {
    fs::read_dir(format!("/proc/{pid}/fd")).ok().map(Iterator::count)
}

/// The number of the process's threads; none when it is gone.
pub fn threads(pid: u32) -> Option<usize> {
    fs::read_dir(format!("/proc/{pid}/task")).ok().map(Iterator::count)
}

/// The number of voluntary context switches of the process's threads so far, and so of their wake-ups; none when it is
/// gone.
pub fn wakes(pid: u32) -> Option<u64> {
    let tasks = fs::read_dir(format!("/proc/{pid}/task")).ok()?.flatten();
    let of_one = |path: std::path::PathBuf| {
        let status = fs::read_to_string(path.join("status")).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"))?;
        line.trim().parse::<u64>().ok()
    };
    Some(tasks.filter_map(|task| of_one(task.path())).sum())
}

/// The arguments with which the process was started, which everyone on the machine can read.
pub fn command_line(pid: u32) -> Vec<String> {
    words(&fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default())
}

/// The environment with which the process was started, as `NAME=value`.
pub fn environment(pid: u32) -> Vec<String> {
    words(&fs::read(format!("/proc/{pid}/environ")).unwrap_or_default())
}

/// Every running process that was started with this entry (`NAME=value`) in its environment.
pub fn with_environment(entry: &str) -> Vec<u32> {
    let carries = |pid: &u32| {
        let environment = fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
        environment.split(|byte| *byte == 0).any(|own| own == entry.as_bytes())
    };
    all().filter(carries).filter(|pid| is_alive(*pid)).collect()
}

/// The process that listens on a TCP port of this machine (IPv4).
pub fn listening_on(port: u16) -> Option<u32> {
    let sockets = listeners(Path::new("/proc/net/tcp"), port);
    (!sockets.is_empty()).then(|| all().find(|pid| holds_one_of(*pid, &sockets))).flatten()
}

/// The one of these processes that listens on a TCP port (IPv4), in any network namespace.
pub fn listening_among(pids: &[u32], port: u16) -> Option<u32> {
    let listens = |pid: &u32| {
        let sockets = listeners(&Path::new("/proc").join(pid.to_string()).join("net/tcp"), port);
        !sockets.is_empty() && holds_one_of(*pid, &sockets)
    };
    pids.iter().copied().find(listens)
}

/// The sockets that listen on a port, named like the handles to them.
fn listeners(table: &Path, port: u16) -> Vec<String> {
    fs::read_to_string(table)
        .unwrap_or_default()
        .lines()
        .skip(1)
        .map(|line| line.split_whitespace().collect::<Vec<_>>())
        .filter(|field| field.len() > 9 && field[3] == "0A" && field[1].ends_with(&format!(":{port:04X}")))
        .map(|field| format!("socket:[{}]", field[9]))
        .collect()
}

fn holds_one_of(pid: u32, sockets: &[String]) -> bool {
    let handles = fs::read_dir(format!("/proc/{pid}/fd")).into_iter().flatten().flatten();
    handles
        .filter_map(|handle| fs::read_link(handle.path()).ok())
        .any(|target| sockets.iter().any(|socket| target == Path::new(socket)))
}

/// The shared libraries that a program asks for itself (the `NEEDED` entries of its dynamic section), like
/// `libgtk-3.so.0`. What those ask for in turn isn't listed.
pub fn linked_libraries(program: &Path) -> Result<Vec<String>> {
    let unreadable = |source| Error::File { path: program.to_owned(), source };
    let bytes = fs::read(program).map_err(unreadable)?;
    let elf = goblin::elf::Elf::parse(&bytes).map_err(|error| unreadable(std::io::Error::other(error)))?;
    Ok(elf.libraries.into_iter().map(str::to_owned).collect())
}

/// Waits until a program ends and gives its exit code (128 + signal, when a signal ended it, as shells say it).
pub async fn wait_exit(child: &mut tokio::process::Child, patience: Duration) -> Result<i32> {
    use std::os::unix::process::ExitStatusExt as _;
    let pid = child.id();
    let what = || format!("process {pid:?} ({}) to end", pid.and_then(name).unwrap_or_default());
    match timeout(patience, child.wait()).await {
        Ok(Ok(status)) => Ok(status.code().unwrap_or_else(|| 128 + status.signal().unwrap_or_default())),
        Ok(Err(error)) => Err(Error::NotThere(format!("{}: {error}", what()))),
        Err(_) => Err(Error::TimedOut { what: what(), after: patience, last: None }),
    }
}

/// Sends a signal; a process that is gone already is fine.
pub(crate) fn signal(pid: u32, signal: Signal) {
    if let Some(pid) = i32::try_from(pid).ok().and_then(Pid::from_raw) {
        let _gone_already = kill_process(pid, signal);
    }
}

fn all() -> impl Iterator<Item = u32> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok())
}

fn parent(pid: u32) -> Option<u32> {
    state_and_parent(pid).map(|(_, parent)| parent)
}

/// From `/proc/PID/stat`: the name stands in brackets and may itself have blanks and brackets.
fn state_and_parent(pid: u32) -> Option<(char, u32)> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, after_name) = stat.rsplit_once(") ")?;
    let mut fields = after_name.split(' ');
    Some((fields.next()?.chars().next()?, fields.next()?.parse().ok()?))
}

fn words(bytes: &[u8]) -> Vec<String> {
    let parts = bytes.split(|byte| *byte == 0).filter(|part| !part.is_empty());
    parts.map(|part| String::from_utf8_lossy(part).into_owned()).collect()
}
