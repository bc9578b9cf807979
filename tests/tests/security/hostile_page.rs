//! A hostile script in the window's page gets no further than the page itself.

use std::time::Duration;

use dyntray_stories::Story;
use dyntray_stories::desktop::DesktopOptions;
use dyntray_stories::home::{HOST, Home, field};
use dyntray_stories::page::PageServer;

/// Sends a command to the window program, and returns the result in words.
const INVOKE: &str = "const inside = window.__TAURI_INTERNALS__; if (!inside) return 'absent'; \
                      return inside.invoke(arguments[0], arguments[1]).then(() => 'done', (why) => 'refused: ' + why)";

#[tokio::test]
async fn a_hostile_script_gets_no_further_than_the_windows_own_page() -> Story {
    let story = Home::for_story(DesktopOptions::default(), "hostile-page", &[]).await?;
    let Some(home) = story else { return Ok(()) };
    let (_app, _portal, _token) = home.set_up().await?;
    let window = home.open_window().await?;
    window.wait_for_text(&field("status-1"), HOST).await?;
    let invoke = async |command: &str, arguments: serde_json::Value| {
        window
            .eval(INVOKE, vec![command.into(), arguments])
            .await
            .map(|said| said.as_str().unwrap_or_default().to_owned())
    };
    let status = serde_json::json!({ "request": { "request": "status" } });
    assert_eq!(invoke("ask", status.clone()).await?, "done", "what the page itself may do");
    for command in [
        "plugin:app|version",
        "plugin:fs|read_text_file",
        "plugin:shell|open",
        "plugin:process|exit",
        "plugin:window|set_title",
        "plugin:window|create",
        "plugin:webview|create_webview_window",
        "plugin:webview|internal_toggle_devtools",
        "plugin:event|emit",
        "plugin:path|resolve_directory",
        "plugin:window-state|save_window_state",
        "no_such_command",
    ] {
        let said = invoke(command, serde_json::json!({})).await?;
        assert!(said.starts_with("refused"), "{command}: {said}");
    }

    let run = async |script: &str| window.eval(script, Vec::new()).await;
    assert_eq!(run("return typeof window.__TAURI__").await?, "undefined");
    let polluted = "try { Object.prototype.polluted = 1 } catch {} return String(({}).polluted)";
    assert_eq!(run(polluted).await?, "undefined", "prototypes are frozen");
    let inline = "const script = document.createElement('script'); script.textContent = 'window.ran = 1'; \
                  document.body.append(script); return typeof window.ran";
    assert_eq!(run(inline).await?, "undefined", "no script but the window's own runs");

    let server =
        PageServer::start("text/html", "<!doctype html><title>Elsewhere</title><p>Elsewhere</p>").await?;
    let elsewhere = server.address("/");
    let call = "const to = arguments[0]; new Image().src = to; navigator.sendBeacon?.(to, 'x'); \
                const form = document.createElement('form'); form.action = to; form.method = 'post'; document.body.append(form); \
                const frame = document.createElement('iframe'); frame.src = to; document.body.append(frame); \
                return fetch(to).then(() => 'reached', () => 'refused')";
    assert_eq!(window.eval(call, vec![elsewhere.clone().into()]).await?, "refused");
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(server.visits(), 0, "nothing leaves the page");

    // Navigation to another page: the window stays.
    let leave = "location.href = arguments[0]";
    let _left = window.eval(leave, vec![elsewhere.into()]).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(server.visits(), 0, "the window shows its own pages only");
    window.wait_for_text(&field("status-1"), HOST).await?;
    Ok(())
}
