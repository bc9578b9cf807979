//! A script that somehow got into the window's page tries everything: it gets no further than the page itself does.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use dyntray_stories::desktop::DesktopOptions;
use dyntray_stories::home::{HOST, Home, field};
use dyntray_stories::window::Window;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

type Story = Result<(), Box<dyn std::error::Error>>;

/// Asks the window program for anything, and says what came of it.
const INVOKE: &str = "const inside = window.__TAURI_INTERNALS__; if (!inside) return 'absent'; \
                      return inside.invoke(arguments[0], arguments[1]).then(() => 'done', (why) => 'refused: ' + why)";

/// A server that counts who comes, and shows them a page.
async fn server() -> std::io::Result<(String, Arc<AtomicUsize>)> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = format!("http://{}/", listener.local_addr()?);
    let visitors = Arc::new(AtomicUsize::new(0));
    let count = visitors.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            count.fetch_add(1, Ordering::Relaxed);
            let _head = stream.read(&mut [0; 4096]).await;
            let page = "<!doctype html><title>Elsewhere</title><p>Elsewhere</p>";
            let head =
                format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {}\r\n", page.len());
            let _sent = stream.write_all(format!("{head}Connection: close\r\n\r\n{page}").as_bytes()).await;
        }
    });
    Ok((address, visitors))
}

#[tokio::test]
async fn a_hostile_script_gets_no_further_than_the_windows_own_page() -> Story {
    let options = DesktopOptions::default();
    if options.skipped("a hostile page", &[]) {
        return Ok(());
    }
    let home = Home::start(options, "hostile-page").await?;
    let (_app, _portal, _token) = home.set_up().await?;
    home.command(&["open"]).await?;
    let window = Window::attach(&home.desktop).await?;
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

    let (elsewhere, visitors) = server().await?;
    let call = "const to = arguments[0]; new Image().src = to; navigator.sendBeacon?.(to, 'x'); \
                const form = document.createElement('form'); form.action = to; form.method = 'post'; document.body.append(form); \
                const frame = document.createElement('iframe'); frame.src = to; document.body.append(frame); \
                return fetch(to).then(() => 'reached', () => 'refused')";
    assert_eq!(window.eval(call, vec![elsewhere.clone().into()]).await?, "refused");
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(visitors.load(Ordering::Relaxed), 0, "nothing leaves the page");

    // Going elsewhere altogether: the window stays, and if it didn't, the other page could ask for nothing.
    let leave = "location.href = arguments[0]";
    let _left = window.eval(leave, vec![elsewhere.into()]).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(visitors.load(Ordering::Relaxed), 0, "the window shows its own pages only");
    window.wait_for_text(&field("status-1"), HOST).await?;
    Ok(())
}
