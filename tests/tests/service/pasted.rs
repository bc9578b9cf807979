//! Host names and tokens at the command line, as people paste and pipe them.

use std::fs;

use dyntray_stories::Story;

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
