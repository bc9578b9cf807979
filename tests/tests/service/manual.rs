//! Completions and the manual.

use dyntray_stories::Story;
use dyntray_stories::app::binary;

use super::machine::text;

#[tokio::test]
async fn completions_and_manual_name_every_command() -> Story {
    let program = binary("dyntray")?;
    let ask = |arguments: &[&str]| std::process::Command::new(&program).args(arguments).output();
    let help = text(&ask(&["--help"])?);
    let commands: Vec<&str> = help
        .lines()
        .skip_while(|line| !line.starts_with("Commands:"))
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.strip_prefix("  ")?.split(' ').next())
        .filter(|name| !name.is_empty() && *name != "help")
        .collect();
    assert!(commands.len() > 10, "{commands:?}");
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let completions = text(&ask(&["completions", shell])?);
        assert!(commands.iter().all(|name| completions.contains(name)), "{shell}");
    }
    let manual = text(&ask(&["man"])?);
    assert!(manual.starts_with(".ie") && commands.iter().all(|name| manual.contains(name)), "{manual}");
    assert!(manual.contains("OPTIONS OF dyntray token set") && !manual.contains("(1)\n"), "{manual}");
    Ok(())
}
