//! A web server on this machine that shows everybody the same page, and counts who comes.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::{Error, Result};

/// A running server. It ends with the story.
#[derive(Debug)]
pub struct PageServer {
    authority: String,
    visits: Arc<AtomicUsize>,
}

impl PageServer {
    /// Serves a page of this media type at every path.
    pub async fn start(media_type: &'static str, page: &'static str) -> Result<Self> {
        let failed = |source| Error::NotStarted { program: "a page's server".to_owned(), source };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.map_err(failed)?;
        let authority = listener.local_addr().map_err(failed)?.to_string();
        let visits = Arc::new(AtomicUsize::new(0));
        let count = visits.clone();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                count.fetch_add(1, Ordering::Relaxed);
                // Whatever is asked for, and whether it is all read: the answer is the same.
                let _asked = stream.read(&mut [0; 4096]).await;
                let head = format!(
                    "HTTP/1.1 200 OK\r\nContent-Type: {media_type}\r\nContent-Length: {}",
                    page.len()
                );
                let _gone =
                    stream.write_all(format!("{head}\r\nConnection: close\r\n\r\n{page}").as_bytes()).await;
            }
        });
        Ok(PageServer { authority, visits })
    }

    /// The address of one of its pages.
    pub fn address(&self, path: &str) -> String {
        format!("http://{}{path}", self.authority)
    }

    /// How many connections were made.
    pub fn visits(&self) -> usize {
        self.visits.load(Ordering::Relaxed)
    }
}
