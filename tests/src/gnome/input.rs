//! Mouse and keyboard: devices of the shell's own, which work without an X server, too.

use std::time::Duration;

use tokio::time::sleep;

use super::Gnome;
use crate::{Error, Result};

/// Between two steps of the mouse: the shell draws a picture meanwhile.
const STEP: Duration = Duration::from_millis(50);

/// The names of keys that aren't letters, as X calls them, and their numbers.
const KEYS: [(&str, u32); 18] = [
    ("Return", 0xff0d),
    ("Escape", 0xff1b),
    ("Tab", 0xff09),
    ("BackSpace", 0xff08),
    ("Delete", 0xffff),
    ("space", 0x20),
    ("Up", 0xff52),
    ("Down", 0xff54),
    ("Left", 0xff51),
    ("Right", 0xff53),
    ("Home", 0xff50),
    ("End", 0xff57),
    ("F4", 0xffc1),
    ("F10", 0xffc7),
    ("ctrl", 0xffe3),
    ("shift", 0xffe1),
    ("alt", 0xffe9),
    ("super", 0xffeb),
];

impl Gnome {
    /// Moves the mouse.
    pub async fn move_mouse(&self, x: f64, y: f64) -> Result<()> {
        // The first step makes the device, the second one is a movement.
        for x in [x - 1.0, x] {
            self.call::<bool>(&format!("move({x}, {y})")).await?;
            sleep(STEP).await;
        }
        Ok(())
    }

    /// Clicks a point with the left button.
    pub async fn click(&self, x: f64, y: f64) -> Result<()> {
        self.click_with(1, x, y).await
    }

    /// Clicks a point with another button: 2 is the middle one, 3 the right one.
    pub async fn click_with(&self, button: u8, x: f64, y: f64) -> Result<()> {
        self.move_mouse(x, y).await?;
        for pressed in [true, false] {
            self.call::<bool>(&format!("button({button}, {pressed})")).await?;
            sleep(STEP).await;
        }
        Ok(())
    }

    /// Presses a key or a combination by its X name, like `Return` or `ctrl+a`.
    pub async fn key(&self, name: &str) -> Result<()> {
        let keys = name.split('+').map(number).collect::<Result<Vec<u32>>>()?;
        for key in &keys {
            self.call::<bool>(&format!("key({key}, true)")).await?;
        }
        for key in keys.iter().rev() {
            self.call::<bool>(&format!("key({key}, false)")).await?;
        }
        Ok(())
    }

    /// Types a text into whatever has the keyboard.
    pub async fn type_text(&self, text: &str) -> Result<()> {
        for letter in text.chars() {
            let key = of_letter(letter);
            self.call::<bool>(&format!("key({key}, true)")).await?;
            self.call::<bool>(&format!("key({key}, false)")).await?;
        }
        Ok(())
    }
}

/// The number of a key (an X keysym).
fn number(name: &str) -> Result<u32> {
    let known = KEYS.iter().find(|(known, _)| *known == name).map(|(_, number)| *number);
    let mut letters = name.chars();
    known
        .or_else(|| letters.next().filter(|_| letters.next().is_none()).map(of_letter))
        .ok_or_else(|| Error::NotThere(format!("a key called {name:?}")))
}

fn of_letter(letter: char) -> u32 {
    match u32::from(letter) {
        latin @ ..=0xff => latin,
        other => 0x0100_0000 + other,
    }
}
