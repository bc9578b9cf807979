//! The tray of Linux desktops: a StatusNotifierItem on the session bus.

use dyntray_control::ActivationToken;
use dyntray_core::Snapshot;
use dyntray_core::present::Mood;
use dyntray_icons::{Picture, Shape, TRAY_EDGE};
use dyntray_texts::Press;
use dyntray_texts::tray::{MenuLine, TrayView};
use ksni::menu::{StandardItem, SubMenu};
use ksni::{Handle, Icon, MenuItem, Status, ToolTip, TrayMethods as _};
use tokio::sync::watch;

use super::{Presenter, shape};
use crate::requests::RequestSender;

/// The tray, before it is drawn.
pub struct Tray {
    presenter: Presenter,
    requests: RequestSender,
}

impl Tray {
    /// A tray that shows `snapshots`; what is pressed in it goes to `requests`.
    pub fn new(snapshots: watch::Receiver<Snapshot>, requests: RequestSender) -> Self {
        Tray { presenter: Presenter::new(snapshots), requests }
    }

    /// Draws every view and reports presses, until the agent has ended.
    pub async fn run(mut self) {
        let mut shown: Option<ShownItem> = None;
        while let Some(view) = self.presenter.next().await {
            shown = match shown {
                Some(item) if item.draw(view.clone()).await.is_shown() => Some(item),
                _ => ShownItem::appear(view, self.requests.clone()).await,
            };
        }
    }
}

/// An item on the bus, which ends when this is dropped. Panels show it as they come and go.
struct ShownItem(Handle<Item>);

/// The end of an attempt to draw a view.
#[derive(PartialEq, Eq)]
enum Drawn {
    /// The item has the view.
    Shown,
    /// The item has ended.
    Ended,
}

impl Drawn {
    fn is_shown(&self) -> bool {
        *self == Drawn::Shown
    }
}

impl ShownItem {
    /// Puts an item on the bus; none, with the reason in the log, where that fails. Updates continue without a tray, and
    /// the next view tries again.
    async fn appear(view: TrayView, requests: RequestSender) -> Option<Self> {
        let item = Item { view, requests };
        // A sandbox gives no right to own a name.
        let spawned = item.assume_sni_available(true).disable_dbus_name(is_sandboxed()).spawn().await;
        spawned.map(ShownItem).map_err(|error| tracing::warn!(%error, "the tray can't be drawn")).ok()
    }

    async fn draw(&self, view: TrayView) -> Drawn {
        match self.0.update(|item| item.view = view).await {
            Some(()) => Drawn::Shown,
            None => Drawn::Ended,
        }
    }
}

impl Drop for ShownItem {
    fn drop(&mut self) {
        // The item ends by itself after this; nothing has to wait for it.
        drop(self.0.shutdown());
    }
}

/// True inside of Flatpak and Snap.
fn is_sandboxed() -> bool {
    std::path::Path::new("/.flatpak-info").exists() || std::env::var_os("SNAP").is_some()
}

/// The item as panels ask for it.
struct Item {
    view: TrayView,
    requests: RequestSender,
}

impl Item {
    /// Reports a press with the token that the panel gave for it.
    fn press(&self, press: Press) {
        self.requests.press(press, ksni::current_xdg_activation_token().map(ActivationToken));
    }
}

impl ksni::Tray for Item {
    fn id(&self) -> String {
        "dyntray".to_owned()
    }

    fn title(&self) -> String {
        "Dyntray".to_owned()
    }

    /// Never passive: panels hide such items, and this one is the way to the window.
    fn status(&self) -> Status {
        match self.view.mood {
            Mood::NeedsYou => Status::NeedsAttention,
            Mood::Empty | Mood::Fine | Mood::Working | Mood::Waiting | Mood::Paused => Status::Active,
        }
    }

    fn icon_pixmap(&self) -> Vec<Icon> {
        icons(shape(self.view.mood))
    }

    fn attention_icon_pixmap(&self) -> Vec<Icon> {
        icons(Shape::NeedsYou)
    }

    fn tool_tip(&self) -> ToolTip {
        let pictures = dyntray_icons::tray(shape(self.view.mood));
        ToolTip {
            icon_pixmap: pictures.iter().filter(|picture| picture.width == TRAY_EDGE).map(icon).collect(),
            title: self.title(),
            description: escaped(&self.view.tooltip),
            icon_name: String::new(),
        }
    }

    fn menu(&self) -> Vec<MenuItem<Self>> {
        self.view.menu.iter().map(line).collect()
    }

    fn activate(&mut self, _x: i32, _y: i32) {
        self.press(Press::Open);
    }

    /// The menu is always up to date.
    fn menu_about_to_show(&mut self) {}
}

/// A line of the menu.
fn line(line: &MenuLine) -> MenuItem<Item> {
    match line {
        MenuLine::Separator => MenuItem::Separator,
        MenuLine::Item { label, press } => {
            let press = *press;
            StandardItem {
                label: without_access_key(label),
                enabled: press.is_some(),
                activate: Box::new(move |item: &mut Item| {
                    if let Some(press) = press {
                        item.press(press);
                    }
                }),
                ..StandardItem::default()
            }
            .into()
        }
        MenuLine::Submenu { label, lines } => SubMenu {
            label: without_access_key(label),
            submenu: lines.iter().map(self::line).collect(),
            ..SubMenu::default()
        }
        .into(),
    }
}

/// Escapes a label, in which an underscore would mark an access key.
fn without_access_key(label: &str) -> String {
    label.replace('_', "__")
}

/// Escapes a tooltip, which is markup here. A server's line may hold anything.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn icons(shape: Shape) -> Vec<Icon> {
    dyntray_icons::tray(shape).iter().map(icon).collect()
}

/// A picture in the bus' layout: opacity first.
fn icon(picture: &Picture) -> Icon {
    let edge = |pixels| i32::try_from(pixels).unwrap_or_default();
    let mut data = picture.rgba.to_vec();
    for pixel in data.chunks_exact_mut(4) {
        pixel.rotate_right(1);
    }
    Icon { width: edge(picture.width), height: edge(picture.height), data }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_have_opacity_first_and_all_sizes_of_panels() {
        let icons = icons(Shape::Fine);
        let sizes: Vec<(i32, i32)> = icons.iter().map(|icon| (icon.width, icon.height)).collect();
        assert_eq!(sizes, [(16, 16), (22, 22), (24, 24), (32, 32), (48, 48)]);
        for (icon, picture) in icons.iter().zip(dyntray_icons::tray(Shape::Fine)) {
            assert_eq!(icon.data.len(), picture.rgba.len());
            for (argb, rgba) in icon.data.chunks_exact(4).zip(picture.rgba.chunks_exact(4)) {
                assert_eq!([argb[1], argb[2], argb[3], argb[0]], rgba);
            }
        }
    }

    #[test]
    fn a_name_with_an_underscore_keeps_it() {
        assert_eq!(without_access_key("my_home.spdns.de"), "my__home.spdns.de");
    }

    #[test]
    fn what_a_server_says_is_no_markup_in_a_tooltip() {
        assert_eq!(escaped("<b>a & b</b>"), "&lt;b&gt;a &amp; b&lt;/b&gt;");
    }
}
