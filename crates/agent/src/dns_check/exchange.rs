//! One query to a name server: over UDP, and over TCP if the answer doesn't fit (RFC 1035, RFC 7766).
//!
//! EDNS isn't used: the answers fit into 512 bytes, and old servers may not know it. The caller limits the time.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use dyntray_core::types::address::Family;
use hickory_proto::op::{Message, Query};
use hickory_proto::rr::{Name, RecordType};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpStream, UdpSocket};
use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep};

use super::sockets::Sockets;
use crate::faults::contain;
use crate::route::unspecified;

/// The interval at which a query is sent again, because UDP may lose it.
const RESEND_AFTER: Duration = Duration::from_secs(1);
/// The head start of each address before the next one.
const HEAD_START: Duration = Duration::from_millis(700);
/// The length of a message's header, which comes before the question (RFC 1035, 4.1.1).
const HEADER: usize = 12;

/// The RD flag: whether a server is to ask others for the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Recursion {
    /// For the system's resolver.
    Desired,
    /// For authoritative servers.
    Off,
}

/// A question: the records of one type at one name.
#[derive(Clone, Debug)]
pub(super) struct Question {
    name: Name,
    records: RecordType,
    recursion: Recursion,
}

/// A query without a usable answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ExchangeError {
    /// The server couldn't be reached or didn't answer.
    NoAnswer,
    /// The answer can't be read, or isn't acceptable.
    Refused,
}

impl Question {
    /// The question for the name servers of a zone.
    pub(super) fn name_servers(zone: Name) -> Self {
        Question { name: zone, records: RecordType::NS, recursion: Recursion::Desired }
    }

    /// The question for the addresses of a host.
    pub(super) fn addresses(name: Name, family: Family, recursion: Recursion) -> Self {
        let records = match family {
            Family::Ipv4 => RecordType::A,
            Family::Ipv6 => RecordType::AAAA,
        };
        Question { name, records, recursion }
    }

    /// The query message, with a new random id.
    fn to_bytes(&self) -> Result<Vec<u8>, ExchangeError> {
        let mut message = Message::query();
        message.metadata.recursion_desired = self.recursion == Recursion::Desired;
        message.add_query(Query::query(self.name.clone(), self.records));
        // It fails only if the name is too long, and then nobody is asked.
        message.to_vec().map_err(|_| ExchangeError::NoAnswer)
    }
}

/// Asks the first address, a moment later the next as well, and so on. The first answer that `is_acceptable` counts.
///
/// # Errors
/// [`ExchangeError::Refused`] if there were answers, but none was acceptable. The caller limits the time: a server that
/// doesn't answer is asked for ever.
pub(super) async fn ask_any(
    servers: &[SocketAddr],
    question: &Question,
    sockets: &Sockets,
    is_acceptable: fn(&Message) -> bool,
) -> Result<Message, ExchangeError> {
    let mut asked = JoinSet::new();
    let mut start_after = Duration::ZERO;
    for server in servers.iter().copied() {
        let (question, sockets) = (question.clone(), sockets.clone());
        asked.spawn(contain(async move {
            // The runtime rounds even a sleep of zero up to a millisecond.
            if !start_after.is_zero() {
                sleep(start_after).await;
            }
            let _permit = sockets.permit().await;
            ask(server, &question).await
        }));
        start_after += HEAD_START;
    }
    let mut failure = ExchangeError::NoAnswer;
    while let Some(ended) = asked.join_next().await {
        match ended {
            Ok(Ok(message)) if is_acceptable(&message) => return Ok(message),
            Ok(Ok(_) | Err(ExchangeError::Refused)) => failure = ExchangeError::Refused,
            Ok(Err(ExchangeError::NoAnswer)) | Err(_) => {}
        }
    }
    Err(failure)
}

async fn ask(server: SocketAddr, question: &Question) -> Result<Message, ExchangeError> {
    let query = question.to_bytes()?;
    let reply = parse(&over_udp(server, &query).await.map_err(no_answer)?)?;
    if !reply.metadata.truncation {
        return Ok(reply);
    }
    let query = question.to_bytes()?;
    let reply = over_tcp(server, &query).await.map_err(no_answer)?;
    if !belongs(&reply, &query) {
        return Err(ExchangeError::Refused);
    }
    parse(&reply)
}

fn parse(reply: &[u8]) -> Result<Message, ExchangeError> {
    Message::from_vec(reply).map_err(|_| ExchangeError::Refused)
}

#[allow(clippy::needless_pass_by_value, reason = "as map_err wants it")]
fn no_answer(error: io::Error) -> ExchangeError {
    tracing::debug!(%error, "a name server can't be asked");
    ExchangeError::NoAnswer
}

/// Sends `query` and waits for its answer. The socket is connected, so it receives nothing from other addresses. Messages
/// that don't belong to the query are ignored.
async fn over_udp(server: SocketAddr, query: &[u8]) -> io::Result<Vec<u8>> {
    let socket = open(server).await?;
    socket.send(query).await?;
    let mut resend = interval_at(Instant::now() + RESEND_AFTER, RESEND_AFTER);
    resend.set_missed_tick_behavior(MissedTickBehavior::Delay);
    // Room for the longest datagram: on Windows a longer one than fits is an error.
    let mut buffer = vec![0; usize::from(u16::MAX)];
    loop {
        tokio::select! {
            _ = resend.tick() => { socket.send(query).await?; }
            length = socket.recv(&mut buffer) => {
                let reply = &buffer[..length?];
                if belongs(reply, query) {
                    return Ok(reply.to_vec());
                }
            }
        }
    }
}

/// A socket that is connected to `server`, at a random port if possible, which a forger would have to guess.
async fn open(server: SocketAddr) -> io::Result<UdpSocket> {
    let any = unspecified(Family::of(server.ip()));
    let at_random = UdpSocket::bind((any, rand::random_range(1024..=u16::MAX))).await;
    let socket = match at_random {
        Ok(socket) => socket,
        Err(_) => UdpSocket::bind((any, 0)).await?,
    };
    socket.connect(server).await?;
    Ok(socket)
}

async fn over_tcp(server: SocketAddr, query: &[u8]) -> io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(server).await?;
    let length = u16::try_from(query.len()).map_err(io::Error::other)?;
    // In one write: some servers read only the first piece.
    stream.write_all(&[&length.to_be_bytes(), query].concat()).await?;
    let mut reply = vec![0; usize::from(stream.read_u16().await?)];
    stream.read_exact(&mut reply).await?;
    Ok(reply)
}

/// True if `reply` answers `query`: it has the same id and the same question. A server that reports an error may leave the
/// question out.
fn belongs(reply: &[u8], query: &[u8]) -> bool {
    let (Some(header), Some(question)) = (reply.first_chunk::<HEADER>(), query.get(HEADER..)) else {
        return false;
    };
    let is_answer_to_query = header[2] & 0b1111_1000 == 0b1000_0000;
    let is_error = header[3] & 0b1111 != 0;
    let asks_the_same = match u16::from_be_bytes([header[4], header[5]]) {
        0 => is_error,
        // Case doesn't matter in names; label lengths and codes are no letters.
        1 => reply[HEADER..].get(..question.len()).is_some_and(|q| q.eq_ignore_ascii_case(question)),
        _ => false,
    };
    header[..2] == query[..2] && is_answer_to_query && asks_the_same
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query() -> Vec<u8> {
        let name = Name::from_ascii("home.spdns.de.").expect("a name");
        Question::addresses(name, Family::Ipv4, Recursion::Off).to_bytes().expect("bytes")
    }

    /// The query as a response.
    fn echo(query: &[u8]) -> Vec<u8> {
        let mut reply = query.to_vec();
        reply[2] |= 0x80;
        reply
    }

    #[test]
    fn a_question_is_about_one_name_and_wants_no_recursion() {
        let message = Message::from_vec(&query()).expect("readable");
        assert!(!message.metadata.recursion_desired);
        assert_eq!(message.queries.len(), 1);
        assert!(message.edns.is_none());
    }

    #[test]
    fn only_an_answer_with_the_same_id_and_question_belongs() {
        let query = query();
        assert!(belongs(&echo(&query), &query));
        assert!(!belongs(&query, &query), "a query is no answer");
        assert!(!belongs(&[], &query));
        assert!(!belongs(&echo(&query)[..HEADER], &query), "a question that is announced and missing");
        let changed = |at: usize, bits: u8| {
            let mut reply = echo(&query);
            reply[at] ^= bits;
            belongs(&reply, &query)
        };
        assert!(!changed(0, 1) && !changed(1, 1), "another id");
        assert!(!changed(2, 0b0010_0000), "another kind of message");
        assert!(!changed(13, 1), "another name");
        assert!(!changed(query.len() - 3, 29), "another type");
        assert!(changed(13, 0x20), "the same name in capitals");
    }

    #[test]
    fn an_error_may_leave_the_question_out_and_a_success_may_not() {
        let query = query();
        let mut head = echo(&query)[..HEADER].to_vec();
        head[5] = 0;
        assert!(!belongs(&head, &query));
        head[3] |= 5;
        assert!(belongs(&head, &query));
    }

    #[test]
    fn ids_differ_between_questions() {
        let ids: std::collections::BTreeSet<_> = (0..32).map(|_| query()[..2].to_vec()).collect();
        assert!(ids.len() > 16, "{ids:?}");
    }
}
