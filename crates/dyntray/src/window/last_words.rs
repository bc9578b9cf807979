//! The last words of a window that ends: it writes the reason to its standard error, which goes on to this program's.

use std::cell::RefCell;
use std::io::{self, Write as _};
use std::rc::Rc;
use std::time::Duration;

use dyntray_core::types::redact::redact;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::ChildStderr;
use tokio::task::JoinHandle;

/// The rest of what a window wrote is there so soon after its end. The web engine's processes may live longer, and keep
/// the pipe open.
const REST: Duration = Duration::from_millis(200);

/// What a window writes, of which the last line is kept.
pub struct LastWords {
    line: Rc<RefCell<String>>,
    reading: Option<JoinHandle<()>>,
}

impl LastWords {
    /// Reads from `pipe` until it ends.
    pub fn of(pipe: Option<ChildStderr>) -> Self {
        let line: Rc<RefCell<String>> = Rc::default();
        let reading = pipe.map(|pipe| tokio::task::spawn_local(read(pipe, line.clone())));
        LastWords { line, reading }
    }

    /// The last line of a window that has ended; none if it wrote nothing.
    pub async fn last(self) -> Option<String> {
        if let Some(reading) = self.reading {
            let _ = tokio::time::timeout(REST, reading).await;
        }
        let line = self.line.take();
        (!line.is_empty()).then_some(line)
    }
}

/// Hands on what comes through `pipe`, and keeps the last line.
async fn read(pipe: ChildStderr, last: Rc<RefCell<String>>) {
    let mut lines = BufReader::new(pipe).split(b'\n');
    while let Ok(Some(bytes)) = lines.next_segment().await {
        let text = String::from_utf8_lossy(&bytes);
        // Nobody may be listening there.
        let _ = writeln!(io::stderr(), "{text}");
        if says_why(&text) {
            *last.borrow_mut() = redact(text.trim());
        }
    }
}

/// False for a line that never is the reason: an empty one, or a panic's hint.
fn says_why(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && !line.starts_with("note: ")
}
