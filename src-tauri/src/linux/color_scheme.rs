//! Light or dark: a person's choice in Dyntray, or else the desktop's, which its portal tells. GTK draws the frame
//! accordingly, and the web engine tells the pages.
//!
//! Tauri's `set_theme` isn't used: with "no theme" it forces a light one, and it knows nothing of the portal.

use std::sync::{Mutex, PoisonError};

use dyntray_core::settings::ThemeChoice;
use gtk::gio::DBusSignalFlags;
use gtk::glib::{self, MainContext, Variant, VariantTy};
use gtk::prelude::*;
use tauri::{AppHandle, Manager as _};

use super::portal;

const INTERFACE: &str = "org.freedesktop.portal.Settings";
const NAMESPACE: &str = "org.freedesktop.appearance";
const KEY: &str = "color-scheme";

/// The two choices that decide together.
#[derive(Default)]
pub struct ColorScheme(Mutex<Choices>);

#[derive(Clone, Copy, Default)]
struct Choices {
    own: ThemeChoice,
    desktop: Preference,
}

/// The desktop's preference, as the portal tells it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Preference {
    /// None is known: GTK's own theme decides.
    #[default]
    Unknown,
    Dark,
    Light,
}

/// The value of GTK's setting "prefer a dark theme".
#[derive(Debug, PartialEq, Eq)]
enum PreferDark {
    Set(bool),
    /// As the desktop has set it for all GTK programs.
    Inherited,
}

impl From<u32> for Preference {
    fn from(value: u32) -> Self {
        match value {
            1 => Preference::Dark,
            2 => Preference::Light,
            _ => Preference::Unknown,
        }
    }
}

impl Choices {
    fn prefer_dark(self) -> PreferDark {
        match (self.own, self.desktop) {
            (ThemeChoice::Dark, _) | (ThemeChoice::System, Preference::Dark) => PreferDark::Set(true),
            (ThemeChoice::Light, _) | (ThemeChoice::System, Preference::Light) => PreferDark::Set(false),
            (ThemeChoice::System, Preference::Unknown) => PreferDark::Inherited,
        }
    }

    fn apply(self) {
        let Some(settings) = gtk::Settings::default() else { return };
        match self.prefer_dark() {
            PreferDark::Set(dark) => settings.set_gtk_application_prefer_dark_theme(dark),
            PreferDark::Inherited => settings.reset_property("gtk-application-prefer-dark-theme"),
        }
    }
}

/// Follows the portal for as long as the window is open. Called on the main thread.
pub fn follow_portal(app: &AppHandle) {
    app.manage(ColorScheme::default());
    let app = app.clone();
    MainContext::default().spawn_local(async move {
        // A desktop without a portal has no such preference.
        let _ = follow(&app).await;
    });
}

/// Follows a person's choice from now on. Called from any thread.
pub fn choose(app: &AppHandle, own: ThemeChoice) {
    let chosen = app.clone();
    // It fails only when the program ends.
    let _ = app.run_on_main_thread(move || change(&chosen, |choices| choices.own = own));
}

fn change(app: &AppHandle, change: impl FnOnce(&mut Choices)) {
    let state = app.state::<ColorScheme>();
    let mut choices = state.0.lock().unwrap_or_else(PoisonError::into_inner);
    change(&mut choices);
    choices.apply();
}

async fn follow(app: &AppHandle) -> Result<(), glib::Error> {
    let bus = portal::session_bus().await?;
    let heard = app.clone();
    // The subscription lasts as long as the connection, which GTK keeps open.
    bus.signal_subscribe(
        Some(portal::NAME),
        Some(INTERFACE),
        Some("SettingChanged"),
        Some(portal::PATH),
        Some(NAMESPACE),
        DBusSignalFlags::NONE,
        move |_, _, _, _, _, arguments| {
            if let Some(desktop) = changed(arguments) {
                change(&heard, |choices| choices.desktop = desktop);
            }
        },
    );
    let value = portal::call(&bus, INTERFACE, "Read", &(NAMESPACE, KEY).to_variant()).await?;
    if let Some(desktop) = value.get::<(Variant,)>().and_then(|(value,)| unpack(&value)) {
        change(app, |choices| choices.desktop = desktop);
    }
    Ok(())
}

/// The preference in the portal's signal, which tells all changes of that namespace.
fn changed(arguments: &Variant) -> Option<Preference> {
    let (_, key, value) = arguments.get::<(String, String, Variant)>()?;
    if key == KEY { unpack(&value) } else { None }
}

/// The preference, in however many variants the portal has wrapped it.
fn unpack(value: &Variant) -> Option<Preference> {
    if value.is_type(VariantTy::VARIANT) {
        return unpack(&value.as_variant()?);
    }
    value.get::<u32>().map(Preference::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prefer_dark(own: ThemeChoice, desktop: u32) -> PreferDark {
        Choices { own, desktop: desktop.into() }.prefer_dark()
    }

    #[test]
    fn a_persons_choice_comes_before_the_desktops() {
        for desktop in [0, 1, 2] {
            assert_eq!(prefer_dark(ThemeChoice::Light, desktop), PreferDark::Set(false));
            assert_eq!(prefer_dark(ThemeChoice::Dark, desktop), PreferDark::Set(true));
        }
    }

    #[test]
    fn without_one_the_desktop_decides_and_without_that_its_gtk_theme() {
        assert_eq!(prefer_dark(ThemeChoice::System, 1), PreferDark::Set(true));
        assert_eq!(prefer_dark(ThemeChoice::System, 2), PreferDark::Set(false));
        assert_eq!(prefer_dark(ThemeChoice::System, 0), PreferDark::Inherited);
        assert_eq!(prefer_dark(ThemeChoice::System, 77), PreferDark::Inherited);
    }

    #[test]
    fn the_portals_answers_and_signals_are_read() {
        let wrapped = |value: u32| value.to_variant().to_variant();
        assert_eq!(unpack(&wrapped(1)), Some(Preference::Dark));
        assert_eq!(unpack(&wrapped(1).to_variant()), Some(Preference::Dark));
        assert_eq!(unpack(&"dark".to_variant()), None);
        let signal = |key: &str| (NAMESPACE, key, 2u32.to_variant()).to_variant();
        assert_eq!(changed(&signal(KEY)), Some(Preference::Light));
        assert_eq!(changed(&signal("accent-color")), None);
        assert_eq!(changed(&"".to_variant()), None);
    }
}
