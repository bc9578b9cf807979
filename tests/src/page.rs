//! A web server on this machine that answers every request by one rule and records it.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::{Error, Result};

/// A running server. It ends with the story.
#[derive(Debug)]
pub struct PageServer {
    authority: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl PageServer {
    /// Serves a page of this media type at every path.
    pub async fn start(media_type: &'static str, page: &'static str) -> Result<Self> {
        Self::answering(media_type, move |_| page.to_owned()).await
    }

    /// Answers each request with what `answer` makes of its head.
    pub async fn answering(
        media_type: &'static str,
        mut answer: impl FnMut(&str) -> String + Send + 'static,
    ) -> Result<Self> {
        let failed = |source| Error::NotStarted { program: "a page's server".to_owned(), source };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.map_err(failed)?;
        let authority = listener.local_addr().map_err(failed)?.to_string();
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let kept = asked.clone();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                // A connection without a request counts, too.
                let visit = {
                    let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
                    kept.push(String::new());
                    kept.len() - 1
                };
                let head = read_head(&mut stream).await;
                let page = answer(&head);
                kept.lock().unwrap_or_else(PoisonError::into_inner)[visit] = head;
                let about = format!(
                    "HTTP/1.1 200 OK\r\nContent-Type: {media_type}\r\nContent-Length: {}",
                    page.len()
                );
                let _gone =
                    stream.write_all(format!("{about}\r\nConnection: close\r\n\r\n{page}").as_bytes()).await;
            }
        });
        Ok(PageServer { authority, asked })
    }

    /// The address of one of its pages.
    pub fn address(&self, path: &str) -> String {
        format!("http://{}{path}", self.authority)
    }

    /// The heads of all requests so far, one for each connection; empty where no request came.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The number of connections so far.
    pub fn visits(&self) -> usize {
        self.asked().len()
    }
}

/// A request's head, or as much of it as came.
async fn read_head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => break,
        }
    }
    String::from_utf8_lossy(&head).into_owned()
}
