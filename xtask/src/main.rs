//! Dyntray's own commands. `cargo xtask demo` and `cargo xtask test` do all the set-up themselves on a machine that
//! has Rust, Node and a package manager.
//!
//! There are no dependencies, on purpose: this program is compiled before it can say a word.

mod audit;
mod bindings;
mod bundle;
mod command;
mod count;
mod cross;
mod demo;
mod fresh;
mod layers;
mod manager;
mod node;
mod package;
mod packages;
mod pages;
mod report;
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

const HELP: &str = "\
cargo xtask COMMAND

  demo [ARGS]      sets up, builds, and shows the main job with a pretended service on this machine
  test [--quick]   sets up, and checks and tests everything; --quick leaves out the desktop stories
  cross [--where-possible]
                   sets up, checks the code for Windows and macOS on this Linux machine, and runs the program for
                   Windows, its tests and the main job under wine; with the flag, what can't be set up is left out
  run [ARGS]       sets up, builds and starts dyntray
  bench [PART…]    measures the small build on a headless desktop; the first time it builds for some minutes
  endure [MINUTES] lets the small build live through an address and a window a minute, two hours long, and compares
                   what it holds in the end with the beginning
  screenshots [PICTURE|LOOK…]
                   takes a picture of every page of the window in both languages, light, dark and more, into
                   target/screenshots, and has axe look at each
  simulate         a hundred thousand clients in one night, in virtual time: prints tables, draws target/load.svg
  package [--check] [--programs FOLDER]
                   makes a deb and an rpm of each program in target/package; --check installs them on a throwaway
                   system, starts them and removes them; FOLDER has programs that are built already
  bundle [--built] [KIND…]
                   makes this system's installers by Tauri's bundler (nsis and msi, dmg, appimage), into
                   target/release/bundle; --built takes target/release as it is
  sbom             lists all parts of both programs in CycloneDX' form, into target/sbom
  audit            asks what is known of the dependencies: licences, sources, weaknesses, signatures
  bindings         writes the window's TypeScript types (ui/src/bindings) anew from the Rust types
  icons            renders the icon files anew from the one drawing
";

/// What any command may end with: words for the person.
type Result<T, E = String> = std::result::Result<T, E>;

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
        return Err(format!("which command?\n\n{HELP}"));
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
        ("cross", []) => Ok(cross::cross(cross::SetUp::Needed)),
        ("cross", [flag]) if flag == "--where-possible" => Ok(cross::cross(cross::SetUp::WherePossible)),
        ("bench", rest) => demo::bench(rest),
        ("endure", rest) => demo::endure(rest),
        ("simulate", []) => simulate().map(|()| ExitCode::SUCCESS),
        ("screenshots", rest) => screenshots::take(rest),
        ("package", rest) => package::package(rest),
        ("bundle", rest) => bundle::bundle(rest).map(|()| ExitCode::SUCCESS),
        ("sbom", []) => sbom::write(),
        ("audit", []) => audit::audit(),
        ("bindings", []) => bindings::renew().map(|()| ExitCode::SUCCESS),
        ("layers", []) => layers::check().map(|()| ExitCode::SUCCESS),
        ("icons", []) => icons().map(|()| ExitCode::SUCCESS),
        _ => Err(format!("\"{}\" isn't known\n\n{HELP}", arguments.join(" "))),
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
