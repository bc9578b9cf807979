//! Dyntray's own commands. `cargo xtask demo` and `cargo xtask test` do all set-up themselves on a machine that has Rust,
//! Node.js and a package manager.
//!
//! It has no dependencies, because it is compiled before it can print a word.

mod audit;
mod bindings;
mod bundle;
mod channels;
mod command;
mod console_program;
mod count;
mod cross;
mod demo;
mod files;
mod fresh;
mod layers;
mod manager;
mod node;
mod package;
mod packages;
mod pages;
mod programs;
mod pypi;
mod report;
mod result;
mod runner;
mod sbom;
mod screenshots;
mod setup;
mod shipped;
mod steps;
mod test;
mod tool;
mod workspace;

use std::process::ExitCode;

pub use self::result::Result;

const HELP: &str = "\
cargo xtask COMMAND

Commands set up what they need, and build what they start.

  demo [ARGS]      shows the main job against a simulated service on this machine
  run [ARGS]       starts dyntray
  test [--quick]   runs all checks and tests; --quick leaves out desktop stories, pictures and documentation
  layers           checks the layers, as `test` does: no circle of imports, no import from a layer above
  cross [--lint] [--where-possible]
                   checks the code for Windows and macOS on Linux, and runs the program for Windows, its tests and
                   the main job under wine; --lint does no more than clippy; --where-possible leaves out steps whose
                   set-up fails
  bench [PART…]    measures the release build on a headless desktop; the first build takes some minutes
  endure [MINUTES] runs the release build for two hours with a new address and a window every minute, and compares
                   its resources at the end with those at the beginning
  simulate         simulates a hundred thousand clients in one night, in virtual time: prints tables and draws
                   target/load.svg
  screenshots [PICTURE|LOOK…]
                   takes pictures of every page of the window in both languages and many looks, and checks each with
                   axe: target/screenshots
  package [--check] [--layout] [--yes] [--programs FOLDER]
                   makes a deb and an rpm of each program: target/package; --check also installs, starts and removes
                   them on a throwaway system; FOLDER has programs that are built already
  bundle [--built] [--layout] [--yes] [KIND…]
                   makes installers for this system by Tauri's bundler (nsis, dmg, or appimage):
                   target/release/bundle; --built takes the programs in target/release
  channels FOLDER HOMEPAGE
                   writes manifests for winget, scoop, Homebrew and Arch from a release's files: target/channels
  sbom             lists all components of both programs in CycloneDX format: target/sbom
  audit            checks licences, sources, known vulnerabilities and signatures of all dependencies
  bindings         writes the window's TypeScript types anew from the Rust types: ui/src/bindings
  icons            renders all icons anew from the drawing: icons/
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&arguments) {
        Ok(code) => code,
        Err(problem) => {
            eprintln!("\ncargo xtask: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(arguments: &[String]) -> Result<ExitCode> {
    let Some((verb, rest)) = arguments.split_first() else {
        return Err(format!("a command is missing\n\n{HELP}"));
    };
    match (verb.as_str(), rest) {
        ("help" | "--help" | "-h", _) => {
            print!("{HELP}");
            Ok(ExitCode::SUCCESS)
        }
        ("demo", rest) => demo::demo(rest),
        ("run", rest) => demo::run(rest),
        ("test", []) => Ok(test::test(test::Extent::Everything)),
        ("test", [flag]) if flag == "--quick" => Ok(test::test(test::Extent::Quick)),
        ("cross", flags) => cross::command(flags),
        ("bench", rest) => demo::bench(rest),
        ("endure", rest) => demo::endure(rest),
        ("simulate", []) => simulate().map(|()| ExitCode::SUCCESS),
        ("screenshots", rest) => screenshots::take(rest),
        ("package", rest) => package::package(rest),
        ("bundle", rest) => bundle::bundle(rest).map(|()| ExitCode::SUCCESS),
        ("channels", [release, homepage]) => channels::write(release, homepage).map(|()| ExitCode::SUCCESS),
        ("sbom", []) => sbom::write(),
        ("audit", []) => audit::audit(),
        ("bindings", []) => bindings::write().map(|()| ExitCode::SUCCESS),
        ("layers", []) => layers::check().map(|()| ExitCode::SUCCESS),
        ("icons", []) => icons().map(|()| ExitCode::SUCCESS),
        _ => Err(format!("unknown command: \"{}\"\n\n{HELP}", arguments.join(" "))),
    }
}

fn simulate() -> Result<()> {
    let folder = workspace::target();
    let mut cargo = command::cargo();
    cargo.args(["run", "--release", "--quiet", "-p", "dyntray-simulate", "--"]).arg(folder);
    command::run(&mut cargo)
}

fn icons() -> Result<()> {
    command::run(command::cargo().args([
        "run",
        "-p",
        "dyntray-icons",
        "--features",
        "render",
        "--bin",
        "render-icons",
    ]))
}
