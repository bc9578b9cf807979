//! One question to a name server: over UDP, and over TCP when the answer doesn't fit (RFC 1035, RFC 7766).
//!
//! Without EDNS: an A record and its neighbours fit into 512 bytes, and no old server stumbles over it. Nothing here
//! limits the time; whoever asks does.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use dyntray_core::types::address::Family;
use hickory_proto::op::{Message, Query};
use hickory_proto::rr::{Name, RecordType};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpStream, UdpSocket};
use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep};

/// A datagram may be lost, so the question is sent again and again.
const RESEND_AFTER: Duration = Duration::from_secs(1);
/// How long the next address waits for the one before it.
const HEAD_START: Duration = Duration::from_millis(700);
/// The length of a message's head, before the question (RFC 1035, 4.1.1).
const HEAD: usize = 12;

/// Whether the server shall ask others to find an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Recursion {
    /// For the system's resolver.
    Desired,
    /// For a zone's own servers: what they don't know, they shall say.
    Off,
}

/// What is asked: the records of one type at one name.
#[derive(Clone, Debug)]
pub(super) struct Question {
    name: Name,
    records: RecordType,
    recursion: Recursion,
}

/// Why a server has told nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ExchangeError {
    /// It couldn't be reached or said nothing.
    Silent,
    /// It answered with what can't be read, or what isn't good enough.
    Refused,
}

impl Question {
    /// Asks for the name servers of a zone.
    pub(super) fn name_servers(zone: Name) -> Self {
        Question { name: zone, records: RecordType::NS, recursion: Recursion::Desired }
    }

    /// Asks for the addresses of a host.
    pub(super) fn addresses(name: Name, family: Family, recursion: Recursion) -> Self {
        let records = match family {
            Family::Ipv4 => RecordType::A,
            Family::Ipv6 => RecordType::AAAA,
        };
        Question { name, records, recursion }
    }

    /// The question as it is sent, under a new random id.
    fn to_bytes(&self) -> Result<Vec<u8>, ExchangeError> {
        let mut message = Message::query();
        message.metadata.recursion_desired = self.recursion == Recursion::Desired;
        message.add_query(Query::query(self.name.clone(), self.records));
        // Only a name that is too long can't be written, and then nobody can have been asked.
        message.to_vec().map_err(|_| ExchangeError::Silent)
    }
}

/// Asks the first address, a moment later the next as well, and so on. The first answer that is `good_enough` counts.
///
/// # Errors
/// [`ExchangeError::Refused`] if any answered, but none good enough. The caller limits the time: a silent server is asked
/// for ever.
pub(super) async fn ask_any(
    servers: &[SocketAddr],
    question: &Question,
    good_enough: fn(&Message) -> bool,
) -> Result<Message, ExchangeError> {
    let mut asked = JoinSet::new();
    let mut start_after = Duration::ZERO;
    for server in servers.iter().copied() {
        let question = question.clone();
        asked.spawn(async move {
            // To the runtime's clock even no time at all is a millisecond.
            if !start_after.is_zero() {
                sleep(start_after).await;
            }
            ask(server, &question).await
        });
        start_after += HEAD_START;
    }
    let mut failure = ExchangeError::Silent;
    while let Some(ended) = asked.join_next().await {
        match ended {
            Ok(Ok(message)) if good_enough(&message) => return Ok(message),
            Ok(Ok(_) | Err(ExchangeError::Refused)) => failure = ExchangeError::Refused,
            Ok(Err(ExchangeError::Silent)) | Err(_) => {}
        }
    }
    Err(failure)
}

async fn ask(server: SocketAddr, question: &Question) -> Result<Message, ExchangeError> {
    let asked = question.to_bytes()?;
    let reply = parse(&over_udp(server, &asked).await.map_err(silent)?)?;
    if !reply.metadata.truncation {
        return Ok(reply);
    }
    let asked = question.to_bytes()?;
    let reply = over_tcp(server, &asked).await.map_err(silent)?;
    if !belongs(&reply, &asked) {
        return Err(ExchangeError::Refused);
    }
    parse(&reply)
}

fn parse(reply: &[u8]) -> Result<Message, ExchangeError> {
    Message::from_vec(reply).map_err(|_| ExchangeError::Refused)
}

#[allow(clippy::needless_pass_by_value, reason = "as map_err wants it")]
fn silent(error: io::Error) -> ExchangeError {
    tracing::debug!(%error, "a name server can't be asked");
    ExchangeError::Silent
}

/// Waits for the answer to `asked`. What comes from elsewhere the system keeps away, because the socket is connected;
/// what belongs to another question is passed over.
async fn over_udp(server: SocketAddr, asked: &[u8]) -> io::Result<Vec<u8>> {
    let socket = open(server).await?;
    socket.send(asked).await?;
    let mut resend = interval_at(Instant::now() + RESEND_AFTER, RESEND_AFTER);
    resend.set_missed_tick_behavior(MissedTickBehavior::Delay);
    // The longest datagram there is: Windows calls a longer one than fits an error.
    let mut buffer = vec![0; usize::from(u16::MAX)];
    loop {
        tokio::select! {
            _ = resend.tick() => { socket.send(asked).await?; }
            length = socket.recv(&mut buffer) => {
                let reply = &buffer[..length?];
                if belongs(reply, asked) {
                    return Ok(reply.to_vec());
                }
            }
        }
    }
}

/// A socket connected to `server`, at a random port wherever that can be had: what a forger would have to guess.
async fn open(server: SocketAddr) -> io::Result<UdpSocket> {
    let any: IpAddr = match server {
        SocketAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
        SocketAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
    };
    let at_random = UdpSocket::bind((any, rand::random_range(1024..=u16::MAX))).await;
    let socket = match at_random {
        Ok(socket) => socket,
        Err(_) => UdpSocket::bind((any, 0)).await?,
    };
    socket.connect(server).await?;
    Ok(socket)
}

async fn over_tcp(server: SocketAddr, asked: &[u8]) -> io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(server).await?;
    let length = u16::try_from(asked.len()).map_err(io::Error::other)?;
    // In one piece: some servers read no further than the first.
    stream.write_all(&[&length.to_be_bytes(), asked].concat()).await?;
    let mut reply = vec![0; usize::from(stream.read_u16().await?)];
    stream.read_exact(&mut reply).await?;
    Ok(reply)
}

/// Whether `reply` answers what was `asked`: the same id and the same question. A server that reports an error may
/// leave the question out.
fn belongs(reply: &[u8], asked: &[u8]) -> bool {
    let (Some(head), Some(question)) = (reply.first_chunk::<HEAD>(), asked.get(HEAD..)) else {
        return false;
    };
    let is_answer_to_query = head[2] & 0b1111_1000 == 0b1000_0000;
    let is_error = head[3] & 0b1111 != 0;
    let asks_the_same = match u16::from_be_bytes([head[4], head[5]]) {
        0 => is_error,
        // The lengths of labels and the codes lie outside the letters.
        1 => reply[HEAD..].get(..question.len()).is_some_and(|q| q.eq_ignore_ascii_case(question)),
        _ => false,
    };
    head[..2] == asked[..2] && is_answer_to_query && asks_the_same
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked() -> Vec<u8> {
        let name = Name::from_ascii("home.spdns.de.").expect("a name");
        Question::addresses(name, Family::Ipv4, Recursion::Off).to_bytes().expect("bytes")
    }

    /// What a server sends back that changes nothing but says that it answers.
    fn echo(asked: &[u8]) -> Vec<u8> {
        let mut reply = asked.to_vec();
        reply[2] |= 0x80;
        reply
    }

    #[test]
    fn a_question_is_about_one_name_and_wants_no_recursion() {
        let message = Message::from_vec(&asked()).expect("readable");
        assert!(!message.metadata.recursion_desired);
        assert_eq!(message.queries.len(), 1);
        assert!(message.edns.is_none());
    }

    #[test]
    fn only_an_answer_with_the_same_id_and_question_belongs() {
        let asked = asked();
        assert!(belongs(&echo(&asked), &asked));
        assert!(!belongs(&asked, &asked), "a question is no answer");
        assert!(!belongs(&[], &asked));
        assert!(!belongs(&echo(&asked)[..HEAD], &asked), "a question announced and missing");
        let spoilt = |at: usize, bits: u8| {
            let mut reply = echo(&asked);
            reply[at] ^= bits;
            belongs(&reply, &asked)
        };
        assert!(!spoilt(0, 1) && !spoilt(1, 1), "another id");
        assert!(!spoilt(2, 0b0010_0000), "another kind of message");
        assert!(!spoilt(13, 1), "another name");
        assert!(!spoilt(asked.len() - 3, 29), "another type");
        assert!(spoilt(13, 0x20), "the same name in capitals");
    }

    #[test]
    fn an_error_may_leave_the_question_out_and_a_success_may_not() {
        let asked = asked();
        let mut head = echo(&asked)[..HEAD].to_vec();
        head[5] = 0;
        assert!(!belongs(&head, &asked));
        head[3] |= 5;
        assert!(belongs(&head, &asked));
    }

    #[test]
    fn ids_differ_between_questions() {
        let ids: std::collections::BTreeSet<_> = (0..32).map(|_| asked()[..2].to_vec()).collect();
        assert!(ids.len() > 16, "{ids:?}");
    }
}
