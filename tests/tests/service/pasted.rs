//! Host names and tokens at the command line, as people paste and pipe them.

use std::fs;

use dyntray_stories::{Story, needs};

use super::machine::{Machine, text};

/// A server that nobody asks here.
const SERVER: &str = "127.0.0.1:9";

#[tokio::test]
async fn a_pasted_token_is_cleared_and_a_name_with_umlauts_is_spelt_as_dns_has_it() -> Story {
    let Some(machine) = Machine::for_story("pasted").await? else { return Ok(()) };
    machine.home.write_settings_without_entries()?;
    let add = ["add", "m\u{fc}ller.spdns.de", "--server", SERVER];
    let added = machine.alone_with_input(&add, "abcd\u{2013}efgh\u{2013}ijkl\u{200b}\r\n").await?;
    assert!(added.status.success(), "{}", text(&added));
    assert!(text(&added).contains("xn--mller-kva.spdns.de"), "{}", text(&added));
    assert!(fs::read_to_string(machine.home.settings_file())?.contains("xn--mller-kva.spdns.de"));
    assert!(fs::read_to_string(&machine.secrets)?.contains("abcd-efgh-ijkl"));
    for name in ["M\u{dc}LLER.spdns.de", "xn--mller-kva.spdns.de"] {
        let set =
            machine.alone_with_input(&["token", "set", name], "\u{201e}mnop-qrst-uvwx\u{201c}\n").await?;
        assert!(set.status.success(), "{name}: {}", text(&set));
    }
    assert!(fs::read_to_string(&machine.secrets)?.contains("mnop-qrst-uvwx"));
    Ok(())
}

#[tokio::test]
async fn what_only_looks_like_an_update_token_is_explained_and_never_shown() -> Story {
    let Some(machine) = Machine::for_story("explained").await? else { return Ok(()) };
    machine.home.write_settings_without_entries()?;
    let added =
        machine.alone_with_input(&["add", "home.spdns.de", "--server", SERVER], "abcd-efgh-ijkl").await?;
    assert!(added.status.success() && text(&added).is_empty(), "{}", text(&added));
    for (piped, explained) in [
        ("1234567-mnop-qrst-uvwx", "move token"),
        ("MNOP-QRST-UVWX", "only small letters"),
        ("mnop-qrst-uvw", "not complete"),
    ] {
        let set = machine.alone_with_input(&["token", "set", "home.spdns.de"], piped).await?;
        assert!(set.status.success() && text(&set).contains(explained), "{piped}: {}", text(&set));
        assert!(!text(&set).contains(piped), "{}", text(&set));
    }
    Ok(())
}

#[tokio::test]
async fn names_that_lead_to_other_lines_are_left_out_of_an_import_unless_all_are_wanted() -> Story {
    if needs::skipped_without("others-names", &["curl"]) {
        return Ok(());
    }
    let Some(machine) = Machine::for_story("others-names").await? else { return Ok(()) };
    let home = &machine.home;
    let lines = home.write_settings_for_many(4).await?;
    home.write_settings_without_entries()?;
    let name = |number: usize| format!("client{number}.spdns.org");
    let tokens: Vec<&str> = lines.lines().filter_map(|line| line.split(' ').nth(1)).collect();
    // The first leads here. The second and the third are kept at other lines. The fourth leads nowhere yet.
    let server = home.sandbox()?.authority();
    let here = home.sandbox_state().await?.wan.public.ipv4.ok_or("an address")?.to_string();
    for ((number, token), address) in (1..).zip(&tokens).zip([here.as_str(), "91.3.4.5", "91.3.4.6"]) {
        let url = format!("http://{server}/nic/update?hostname={}&myip={address}", name(number));
        let mut curl = home.desktop.command("curl");
        curl.args(["-sS", "-m", "5", "-u", &format!("{}:{token}", name(number)), &url]);
        let answer = curl.output().await?;
        assert!(text(&answer).starts_with("good"), "{}", text(&answer));
    }
    let table = (1..).zip(&tokens).map(|(number, token)| format!("{};{token}\n", name(number)));
    let file = home.desktop.folder().join("spdyn_update_token.csv");
    fs::write(&file, format!("hostname;token\n{}", table.collect::<String>()))?;
    let file = file.display().to_string();
    let imported = async |options: &[&str]| -> Story<(String, [bool; 4])> {
        let arguments = [&["import", "--yes"], options, &[file.as_str()]].concat();
        let output = machine.alone(&arguments).await?;
        assert!(output.status.success(), "{}", text(&output));
        let settings = fs::read_to_string(home.settings_file())?;
        Ok((text(&output), [1, 2, 3, 4].map(|number| settings.contains(&name(number)))))
    };

    let (said, are_there) = imported(&[]).await?;
    println!("{said}");
    assert!(said.contains("These 2 names point to other internet connections today."), "{said}");
    assert!(said.contains("client2.spdns.org points to 91.3.4.5\n"), "{said}");
    assert_eq!(are_there, [true, false, false, true]);
    assert!(said.contains("the tokens of the 2 names that were left out: please keep it"), "{said}");
    let (said, are_there) = imported(&["--off"]).await?;
    assert!(said.contains("They are imported switched off."), "{said}");
    assert_eq!(are_there, [true; 4], "{said}");
    assert!(said.contains("Please delete it"), "{said}");
    let off = || fs::read_to_string(home.settings_file()).map(|text| text.matches("enabled = false").count());
    assert_eq!(off()?, 2);
    for number in [2, 3] {
        assert!(machine.alone(&["remove", &name(number)]).await?.status.success());
    }
    let (said, are_there) = imported(&["--all"]).await?;
    assert_eq!((are_there, off()?), ([true; 4], 0), "{said}");
    Ok(())
}
