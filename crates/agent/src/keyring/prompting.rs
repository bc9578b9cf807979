//! The rule of prompting: a keyring's dialog comes once, and after a cancelled one only when a person acts.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The permission to show a prompt, shared by the keyring's thread and its handles.
#[derive(Clone)]
pub(super) struct Prompting(Arc<Flags>);

struct Flags {
    allowed: AtomicBool,
    shown: AtomicBool,
}

impl Prompting {
    /// The permission at the program's start: one prompt may be shown.
    pub(super) fn at_start() -> Self {
        Prompting(Arc::new(Flags { allowed: AtomicBool::new(true), shown: AtomicBool::new(false) }))
    }

    /// Allows one more prompt, because a person acted.
    pub(super) fn person_acts(&self) {
        self.0.allowed.store(true, Ordering::SeqCst);
    }

    /// True while a prompt is shown.
    pub(super) fn is_shown(&self) -> bool {
        self.0.shown.load(Ordering::SeqCst)
    }
}

/// Other systems prompt by themselves.
#[cfg(target_os = "linux")]
impl Prompting {
    /// Allows one more prompt, because the keyring is open: the next time that it is locked is another matter.
    pub(super) fn seen_open(&self) {
        self.0.allowed.store(true, Ordering::SeqCst);
    }

    /// True when a prompt may be shown that nobody asked for.
    pub(super) fn is_allowed(&self) -> bool {
        self.0.allowed.load(Ordering::SeqCst)
    }

    /// Notes that a prompt is shown for as long as `prompt` takes. Whoever acts meanwhile acts on that prompt.
    pub(super) fn show<T>(&self, prompt: impl FnOnce() -> T) -> T {
        self.0.shown.store(true, Ordering::SeqCst);
        let _shown = Shown(&self.0);
        prompt()
    }
}

/// A prompt for as long as it is shown, however it ends.
#[cfg(target_os = "linux")]
struct Shown<'a>(&'a Flags);

#[cfg(target_os = "linux")]
impl Drop for Shown<'_> {
    fn drop(&mut self) {
        self.0.allowed.store(false, Ordering::SeqCst);
        self.0.shown.store(false, Ordering::SeqCst);
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn after_a_cancelled_prompt_only_a_person_or_an_open_keyring_allows_another() {
        let prompting = Prompting::at_start();
        assert!(prompting.is_allowed(), "the first is allowed");
        let on_two_threads = prompting.clone();
        prompting.show(|| {
            assert!(on_two_threads.is_shown());
            on_two_threads.person_acts();
        });
        assert!(
            !on_two_threads.is_allowed() && !on_two_threads.is_shown(),
            "that person acted on the prompt"
        );
        on_two_threads.person_acts();
        assert!(prompting.is_allowed());
        let failed = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            prompting.show(|| panic!("on purpose"));
        }));
        assert!(failed.is_err() && !prompting.is_shown() && !prompting.is_allowed());
        prompting.seen_open();
        assert!(on_two_threads.is_allowed());
    }
}
