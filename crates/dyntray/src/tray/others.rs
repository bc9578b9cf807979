//! The tray of Windows and macOS, on the main thread, as both require.
//!
//! Windows' Explorer draws the icon. It may be busy or restarting, and then nothing can be added or changed. tray-icon (its
//! source, 0.26.1, November 2026) adds the icon again when Explorer says that it is back; for everything else the icon is
//! drawn anew a few times.

use std::sync::mpsc;
use std::time::{Duration, Instant};

use dyntray_core::Snapshot;
use dyntray_core::present::Mood;
use dyntray_texts::Press;
use dyntray_texts::tray::{MenuLine, TrayView};
use tao::event::{Event, StartCause};
use tao::event_loop::{ControlFlow, EventLoopBuilder};
use tao::platform::run_return::EventLoopExtRunReturn as _;
use tokio::sync::watch;
use tray_icon::menu::{Menu, MenuEvent, MenuItem, PredefinedMenuItem, Submenu};
use tray_icon::{Icon, MouseButton, MouseButtonState, TrayIcon, TrayIconBuilder, TrayIconEvent};

use super::{Presenter, shape};

/// The waits until the icon is drawn anew, where that has failed. After the last one the next view tries again.
const REDRAWS: [Duration; 3] = [Duration::from_secs(2), Duration::from_secs(4), Duration::from_secs(8)];
/// The wait until the next look at a menu that is open: one that is replaced would vanish under the pointer.
const OPEN_MENU: Duration = Duration::from_millis(250);

/// The tray's part on the agent's thread.
pub struct Tray {
    presenter: Presenter,
    views: mpsc::Sender<TrayView>,
}

impl Tray {
    /// A tray that shows `snapshots`, and the views that [`draw`] is to draw.
    pub fn new(snapshots: watch::Receiver<Snapshot>) -> (Self, mpsc::Receiver<TrayView>) {
        let (views, drawn) = mpsc::channel();
        (Tray { presenter: Presenter::new(snapshots), views }, drawn)
    }

    /// Hands on every view, until the agent has ended.
    pub async fn run(mut self) {
        while let Some(view) = self.presenter.next().await {
            if self.views.send(view).is_err() {
                return;
            }
        }
    }
}

/// Draws every view and reports presses, until the agent has ended.
pub fn draw(views: mpsc::Receiver<TrayView>, press: impl Fn(Press) + Clone + Send + Sync + 'static) {
    report_presses(press.clone());
    let mut events = EventLoopBuilder::<Option<TrayView>>::with_user_event().build();
    #[cfg(target_os = "macos")]
    {
        use tao::platform::macos::{ActivationPolicy, EventLoopExtMacOS as _};
        events.set_activation_policy(ActivationPolicy::Accessory);
        // At log-in it would take the keyboard from whatever the person has begun meanwhile.
        events.set_activate_ignoring_other_apps(false);
    }
    let proxy = events.create_proxy();
    std::thread::spawn(move || {
        for view in views {
            // It can only fail when the loop has ended.
            let _ = proxy.send_event(Some(view));
        }
        let _ = proxy.send_event(None);
    });
    #[cfg(target_os = "macos")]
    let _wide_awake = super::app_nap::off();
    let mut tray = ShownTray::default();
    events.run_return(move |event, _, flow| {
        match event {
            Event::UserEvent(Some(view)) => tray.draw(view),
            Event::UserEvent(None) => {
                *flow = ControlFlow::Exit;
                return;
            }
            Event::NewEvents(StartCause::ResumeTimeReached { .. }) => tray.draw_again(),
            // macOS: the running program was started again, in the Finder for example.
            Event::Reopen { .. } => press(Press::Open),
            _ => {}
        }
        *flow = tray.again.as_ref().map_or(ControlFlow::Wait, |again| ControlFlow::WaitUntil(again.at));
    });
}

/// Reports presses on the menu's lines, and clicks on the icon.
fn report_presses(press: impl Fn(Press) + Clone + Send + Sync + 'static) {
    let pressed = press.clone();
    MenuEvent::set_event_handler(Some(move |event: MenuEvent| {
        if let Ok(line) = event.id().0.parse() {
            pressed(line);
        }
    }));
    TrayIconEvent::set_event_handler(Some(move |event| {
        if let TrayIconEvent::Click {
            button: MouseButton::Left, button_state: MouseButtonState::Up, ..
        } = event
        {
            press(Press::Open);
        }
    }));
}

/// The icon, once it could be made, and the view that it shows.
#[derive(Default)]
struct ShownTray {
    icon: Option<TrayIcon>,
    shown: Option<TrayView>,
    again: Option<Again>,
}

/// A view that couldn't be drawn yet.
struct Again {
    view: TrayView,
    at: Instant,
    failures: usize,
}

impl ShownTray {
    fn draw(&mut self, view: TrayView) {
        self.again = Some(Again { view, at: Instant::now(), failures: 0 });
        self.draw_again();
    }

    /// Draws the view that is still to be drawn, if it is time.
    fn draw_again(&mut self) {
        let now = Instant::now();
        let Some(again) = self.again.take_if(|again| again.at <= now) else { return };
        if is_menu_open() {
            self.again = Some(Again { at: now + OPEN_MENU, ..again });
            return;
        }
        if let Err(error) = self.try_draw(&again.view, again.failures > 0) {
            // Updates continue without a tray.
            tracing::warn!(%error, "the tray can't be drawn");
            let Again { view, failures, .. } = again;
            let wait = REDRAWS.get(failures);
            self.again = wait.map(|&wait| Again { view, at: now + wait, failures: failures + 1 });
        }
    }

    /// Changes the icon, or makes one. An icon that can't be changed stays at first, because Explorer may be restarting;
    /// then another one takes its place.
    fn try_draw(&mut self, view: &TrayView, is_retry: bool) -> Result<(), Box<dyn std::error::Error>> {
        let shown = self.shown.take();
        if let Some(icon) = &mut self.icon {
            let changed = change(icon, shown.as_ref(), view);
            if changed.is_ok() || !is_retry {
                self.shown = changed.is_ok().then(|| view.clone());
                return changed;
            }
        }
        let icon = self.icon.insert(new_icon(view)?);
        // Only a change tells whether it could be added.
        icon.set_tooltip(Some(&view.tooltip))?;
        self.shown = Some(view.clone());
        Ok(())
    }
}

fn new_icon(view: &TrayView) -> Result<TrayIcon, Box<dyn std::error::Error>> {
    let builder = TrayIconBuilder::new();
    #[cfg(target_os = "macos")]
    let builder = builder.with_icon_templated(picture(view.mood)?);
    // On macOS a title would stand beside the icon in the menu bar.
    #[cfg(not(target_os = "macos"))]
    let builder = builder.with_icon(picture(view.mood)?).with_title("Dyntray");
    let builder = builder
        .with_id("dyntray")
        .with_tooltip(&view.tooltip)
        .with_menu(Box::new(menu(&view.menu)?))
        .with_menu_on_left_click(false);
    Ok(builder.build()?)
}

/// Changes what differs from `shown`, which is what the icon shows if that is known.
fn change(
    icon: &mut TrayIcon,
    shown: Option<&TrayView>,
    view: &TrayView,
) -> Result<(), Box<dyn std::error::Error>> {
    if shown.is_none_or(|shown| shown.mood != view.mood) {
        #[cfg(target_os = "macos")]
        icon.set_icon_templated(Some(picture(view.mood)?))?;
        #[cfg(not(target_os = "macos"))]
        icon.set_icon(Some(picture(view.mood)?))?;
    }
    if shown.is_none_or(|shown| shown.tooltip != view.tooltip) {
        icon.set_tooltip(Some(&view.tooltip))?;
    }
    if shown.is_none_or(|shown| shown.menu != view.menu) {
        icon.set_menu(Some(Box::new(menu(&view.menu)?)));
    }
    Ok(())
}

/// True while the person has the menu open, as Windows says of this thread.
#[cfg(windows)]
#[allow(unsafe_code, reason = "the system is asked in no other way")]
fn is_menu_open() -> bool {
    use windows_sys::Win32::System::Threading::GetCurrentThreadId;
    use windows_sys::Win32::UI::WindowsAndMessaging::{
        GUI_INMENUMODE, GUI_POPUPMENUMODE, GUITHREADINFO, GetGUIThreadInfo,
    };
    let size = u32::try_from(size_of::<GUITHREADINFO>()).unwrap_or_default();
    let mut info = GUITHREADINFO { cbSize: size, ..GUITHREADINFO::default() };
    // SAFETY: `info` says its own size, and the thread is this one.
    let is_known = unsafe { GetGUIThreadInfo(GetCurrentThreadId(), &raw mut info) } != 0;
    is_known && info.flags & (GUI_INMENUMODE | GUI_POPUPMENUMODE) != 0
}

/// Elsewhere nobody is asked.
#[cfg(not(windows))]
fn is_menu_open() -> bool {
    false
}

fn picture(mood: Mood) -> Result<Icon, tray_icon::BadIcon> {
    let picture = if cfg!(target_os = "macos") {
        dyntray_icons::tray_template(shape(mood))
    } else {
        dyntray_icons::tray_large(shape(mood))
    };
    Icon::from_rgba(picture.rgba.to_vec(), picture.width, picture.height)
}

fn menu(lines: &[MenuLine]) -> Result<Menu, tray_icon::menu::Error> {
    let menu = Menu::new();
    for line in lines {
        match line {
            MenuLine::Separator => menu.append(&PredefinedMenuItem::separator())?,
            MenuLine::Item { label, press } => menu.append(&item(label, *press))?,
            MenuLine::Submenu { label, lines } => {
                let submenu = Submenu::new(escaped(label), true);
                for line in lines {
                    if let MenuLine::Item { label, press } = line {
                        submenu.append(&item(label, *press))?;
                    }
                }
                menu.append(&submenu)?;
            }
        }
    }
    Ok(menu)
}

/// A line of the menu. Its id is the press, so that a press on an outdated menu still has the effect that the person
/// saw.
fn item(label: &str, press: Option<Press>) -> MenuItem {
    match press {
        Some(press) => MenuItem::with_id(press.to_string(), escaped(label), true, None),
        None => MenuItem::new(escaped(label), false, None),
    }
}

/// Escapes a label, in which a single ampersand would mark a keyboard shortcut.
fn escaped(label: &str) -> String {
    label.replace('&', "&&")
}
