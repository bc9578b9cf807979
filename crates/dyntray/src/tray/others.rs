//! The tray of Windows and macOS, on the main thread, as both require.

use std::sync::mpsc;

use dyntray_core::Snapshot;
use dyntray_core::present::Mood;
use dyntray_texts::Press;
use dyntray_texts::tray::{MenuLine, TrayView};
use tao::event::Event;
use tao::event_loop::{ControlFlow, EventLoopBuilder};
use tao::platform::run_return::EventLoopExtRunReturn as _;
use tokio::sync::watch;
use tray_icon::menu::{Menu, MenuEvent, MenuItem, PredefinedMenuItem, Submenu};
use tray_icon::{Icon, MouseButton, MouseButtonState, TrayIcon, TrayIconBuilder, TrayIconEvent};

use super::{Presenter, shape};

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
    report_presses(press);
    let mut events = EventLoopBuilder::<Option<TrayView>>::with_user_event().build();
    #[cfg(target_os = "macos")]
    {
        use tao::platform::macos::{ActivationPolicy, EventLoopExtMacOS as _};
        events.set_activation_policy(ActivationPolicy::Accessory);
    }
    let proxy = events.create_proxy();
    std::thread::spawn(move || {
        for view in views {
            // It can only fail when the loop has ended.
            let _ = proxy.send_event(Some(view));
        }
        let _ = proxy.send_event(None);
    });
    let mut tray = ShownTray::default();
    events.run_return(move |event, _, flow| {
        *flow = ControlFlow::Wait;
        match event {
            Event::UserEvent(Some(view)) => tray.draw(&view),
            Event::UserEvent(None) => *flow = ControlFlow::Exit,
            _ => {}
        }
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
}

impl ShownTray {
    fn draw(&mut self, view: &TrayView) {
        if let Err(error) = self.try_draw(view) {
            // Updates continue without a tray. The next view tries again.
            tracing::warn!(%error, "the tray can't be drawn");
            self.icon = None;
            self.shown = None;
        }
    }

    fn try_draw(&mut self, view: &TrayView) -> Result<(), Box<dyn std::error::Error>> {
        let Some(icon) = &mut self.icon else {
            let builder = TrayIconBuilder::new();
            #[cfg(target_os = "macos")]
            let builder = builder.with_icon_templated(picture(view.mood)?);
            #[cfg(not(target_os = "macos"))]
            let builder = builder.with_icon(picture(view.mood)?);
            let icon = builder
                .with_id("dyntray")
                .with_title("Dyntray")
                .with_tooltip(&view.tooltip)
                .with_menu(Box::new(menu(&view.menu)?))
                .with_menu_on_left_click(false)
                .build()?;
            self.icon = Some(icon);
            self.shown = Some(view.clone());
            return Ok(());
        };
        let shown = self.shown.replace(view.clone());
        if shown.as_ref().is_none_or(|shown| shown.mood != view.mood) {
            #[cfg(target_os = "macos")]
            icon.set_icon_templated(Some(picture(view.mood)?))?;
            #[cfg(not(target_os = "macos"))]
            icon.set_icon(Some(picture(view.mood)?))?;
        }
        if shown.as_ref().is_none_or(|shown| shown.tooltip != view.tooltip) {
            icon.set_tooltip(Some(&view.tooltip))?;
        }
        if shown.as_ref().is_none_or(|shown| shown.menu != view.menu) {
            icon.set_menu(Some(Box::new(menu(&view.menu)?)));
        }
        Ok(())
    }
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
