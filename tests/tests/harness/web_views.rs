//! Windows with a web view: attached to, filled in, closed.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use dyntray_stories::{
    PATIENCE, Story,
    app::App,
    desktop::{Desktop, DesktopOptions},
    needs, processes,
    wait::eventually,
    window::Window,
};

use super::tools::{picture, program, skipped_without};

const PAGE: &str = "<title>A page</title><input id=name value=old><select id=pick><option value=a>A<option value=b>B</select>
    <p id=said aria-label=Response></p><button id=late style='display:none'>Say</button>
    <script>
      late.onclick = () => setTimeout(() => said.textContent = `Hello ${name_()}, ${pick.value}`, 300);
      const name_ = () => document.getElementById('name').value;
      setTimeout(() => late.style.display = '', 500);
    </script>";

#[tokio::test]
async fn a_window_is_attached_to_filled_in_closed_and_attached_to_again() -> Story {
    let options = DesktopOptions {
        dark: true,
        locale: "de_DE.UTF-8".to_owned(),
        ..DesktopOptions::without_a_desktop()
    };
    let story = "a window";
    if options.skipped(story, &["WebKitWebDriver"]) || skipped_without(story, ("WebKit2", "4.1")) {
        return Ok(());
    }
    let desktop = Desktop::start(options).await?;
    let nobody = Window::attach_within(&desktop, Duration::from_millis(300)).await;
    assert!(nobody.expect_err("no window yet").to_string().contains("nobody listens"));

    for round in 1..=2 {
        let mut app = App::start(&desktop, Path::new("/usr/bin/python3"), &[&program("page.py"), PAGE], &[])?;
        let began = Instant::now();
        let window = Window::attach(&desktop).await?;
        println!("round {round}: attached after {:?}", began.elapsed());
        assert_eq!(window.pid(), app.pid());
        assert_eq!(window.title().await?, "A page");

        window.fill("#name", "Zoë").await?;
        window.choose("#pick", "b").await?;
        window.click("#late").await?;
        window.wait_for_text("#said", "Hello Zoë, b").await?;
        assert_eq!(window.property("#name", "value").await?.as_deref(), Some("Zoë"));
        assert_eq!(window.attribute("#said", "aria-label").await?.as_deref(), Some("Response"));
        assert_eq!(window.count("option").await?, 2);
        window.wait_for_none("#nowhere").await?;
        let error = window.wait_for_text_within("#said", "Bye", Duration::from_millis(300)).await;
        assert!(error.expect_err("it says hello").to_string().contains("Hello Zoë"));
        let dark = "return matchMedia('(prefers-color-scheme: dark)').matches";
        assert_eq!(window.eval(dark, Vec::new()).await?, true);
        desktop.screenshot(picture(&format!("window-{round}.png"))).await?;

        let family: Vec<u32> = processes::tree(app.pid());
        assert!(family.len() > 2, "the web and network processes are below it: {family:?}");
        window.close(&desktop).await?;
        assert_eq!(app.wait_exit(PATIENCE).await?, 0);
        eventually("the web processes to end", PATIENCE, async || {
            !family.iter().any(|pid| processes::is_alive(*pid))
        })
        .await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_german_desktop_speaks_german_also_to_web_pages() -> Story {
    let options = DesktopOptions { locale: "de_DE.UTF-8".to_owned(), ..DesktopOptions::without_a_desktop() };
    let story = "a German desktop";
    if options.skipped(story, &["WebKitWebDriver", "locale"]) || skipped_without(story, ("WebKit2", "4.1")) {
        return Ok(());
    }
    let desktop = Desktop::start(options).await?;
    let said = desktop.command("locale").arg("day").output().await?;
    if !String::from_utf8_lossy(&said.stdout).contains("Montag") && needs::skipped(story, &["locales"]) {
        return Ok(());
    }
    let _app = App::start(&desktop, Path::new("/usr/bin/python3"), &[&program("page.py"), PAGE], &[])?;
    let window = Window::attach(&desktop).await?;
    assert_eq!(window.eval("return navigator.language", Vec::new()).await?, "de-DE");
    assert_eq!(window.eval("return (1234.5).toLocaleString()", Vec::new()).await?, "1.234,5");
    assert_eq!(
        window.eval("return matchMedia('(prefers-color-scheme: dark)').matches", Vec::new()).await?,
        false
    );
    window.detach().await?;
    desktop.wait_for_window("the page, still open", |window| window.title == "A page").await?;
    Ok(())
}
