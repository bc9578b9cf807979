//! Stories of name servers on loopback that forge, garble, flood or keep silent, byte by byte.

mod name_server;

use std::time::{Duration, Instant};

use dyntray_core::observe::dns::{DnsAnswer, DnsProblem};
use dyntray_core::types::address::Family;
use name_server::{NameServer, Reply, check, check_families, records};

/// The time limit of a check, and a little more for a busy machine.
const LIMIT: Duration = Duration::from_secs(7);

async fn answer_of(udp: impl Reply, tcp: impl Reply) -> DnsAnswer {
    let server = NameServer::start(udp, tcp).await;
    let start = Instant::now();
    let answer = check(server.address()).await;
    assert!(start.elapsed() < LIMIT, "took {:?}", start.elapsed());
    answer
}

fn cant(problem: DnsProblem) -> DnsAnswer {
    DnsAnswer::CantVerify(problem)
}

fn silence(_: &[u8]) -> Vec<Vec<u8>> {
    Vec::new()
}

const ADDRESS: [u8; 4] = [84, 160, 12, 7];
const AUTHORITATIVE: u8 = 0x84;

/// A header with these two bytes of flags and this number of answers, and the question.
fn header(asked: &[u8], flags: [u8; 2], answers: u16) -> Vec<u8> {
    let mut reply = asked[..2].to_vec();
    reply.extend(flags);
    reply.extend([0, 1]);
    reply.extend(answers.to_be_bytes());
    reply.extend([0; 4]);
    reply.extend(&asked[12..]);
    reply
}

/// The type that is asked for: 1 for A, 28 for AAAA.
fn question_type(asked: &[u8]) -> u8 {
    asked[asked.len() - 3]
}

/// One record of the name in the question.
fn record(kind: u8, data: &[u8]) -> Vec<u8> {
    let length = u8::try_from(data.len()).expect("short");
    [&[0xc0, 12, 0, kind, 0, 1, 0, 0, 0, 60, 0, length], data].concat()
}

/// The answer of an honest server: one A record, no AAAA record.
fn honest(asked: &[u8]) -> Vec<u8> {
    with_flags(asked, [AUTHORITATIVE, 0])
}

fn with_flags(asked: &[u8], flags: [u8; 2]) -> Vec<u8> {
    if question_type(asked) == 1 {
        [header(asked, flags, 1), record(1, &ADDRESS)].concat()
    } else {
        header(asked, flags, 0)
    }
}

#[tokio::test]
async fn an_honest_server_is_believed() {
    assert_eq!(answer_of(|asked: &[u8]| vec![honest(asked)], silence).await, records(&["84.160.12.7"], &[]));
}

#[tokio::test]
async fn a_question_wants_no_recursion_and_is_sent_again_when_it_is_lost() {
    let server = NameServer::start(silence, silence).await;
    assert_eq!(check(server.address()).await, cant(DnsProblem::NoAnswer));
    let received = server.received();
    assert!(received.iter().all(|asked| asked[2] == 0), "no flag is set: {received:?}");
    assert!((6..=12).contains(&received.len()), "both questions, a few times each: {}", received.len());
}

#[tokio::test]
async fn a_port_at_which_nobody_listens_is_no_answer_at_once() {
    let server = NameServer::start(silence, silence).await;
    let address = server.address();
    drop(server);
    let start = Instant::now();
    assert_eq!(check(address).await, cant(DnsProblem::NoAnswer));
    assert!(start.elapsed() < Duration::from_secs(4));
}

#[tokio::test]
async fn answers_to_other_questions_are_passed_over() {
    let wrong_id = |asked: &[u8]| {
        let mut reply = honest(asked);
        reply[0] ^= 1;
        reply
    };
    let other_name = |asked: &[u8]| {
        let mut reply = honest(asked);
        reply[13] ^= 1;
        reply
    };
    let a_question = |asked: &[u8]| {
        let mut reply = honest(asked);
        reply[2] = 0;
        reply
    };
    let no_question = |asked: &[u8]| {
        let mut reply = honest(asked);
        reply[5] = 0;
        reply
    };
    let forgeries = move |asked: &[u8]| {
        vec![wrong_id(asked), other_name(asked), a_question(asked), no_question(asked), vec![], vec![7; 3]]
    };
    assert_eq!(answer_of(forgeries, silence).await, cant(DnsProblem::NoAnswer));
    let then_the_truth = move |asked: &[u8]| [forgeries(asked), vec![honest(asked)]].concat();
    assert_eq!(answer_of(then_the_truth, silence).await, records(&["84.160.12.7"], &[]));
}

#[tokio::test]
async fn an_answer_from_another_port_is_not_heard() {
    let server = NameServer::from_another_port(|asked: &[u8]| vec![honest(asked)]).await;
    assert_eq!(check(server.address()).await, cant(DnsProblem::NoAnswer));
    assert!(!server.received().is_empty());
}

#[tokio::test]
async fn errors_referrals_and_answers_without_authority_are_refusals() {
    for flags in [[0x80, 0], [0x84, 5], [0x84, 2], [0x80, 5], [0x80, 2], [0x84, 1], [0x84, 4], [0x84, 9]] {
        let reply = move |asked: &[u8]| vec![with_flags(asked, flags)];
        assert_eq!(answer_of(reply, silence).await, cant(DnsProblem::Refused), "{flags:?}");
        let header_alone = move |asked: &[u8]| {
            let mut reply = header(asked, [flags[0], flags[1].max(1)], 0)[..12].to_vec();
            reply[5] = 0;
            vec![reply]
        };
        assert_eq!(answer_of(header_alone, silence).await, cant(DnsProblem::Refused), "{flags:?}");
    }
}

#[tokio::test]
async fn a_name_that_doesnt_exist_has_no_records() {
    let no_such_name = |asked: &[u8]| vec![header(asked, [AUTHORITATIVE, 3], 0)];
    assert_eq!(answer_of(no_such_name, silence).await, records(&[], &[]));
}

#[tokio::test]
async fn a_server_that_knows_only_one_family_has_told_nothing() {
    let ipv4_only = |asked: &[u8]| if question_type(asked) == 1 { vec![honest(asked)] } else { Vec::new() };
    assert_eq!(answer_of(ipv4_only, silence).await, cant(DnsProblem::NoAnswer));
}

#[tokio::test]
async fn silence_about_a_family_that_isnt_kept_is_no_matter() {
    let ipv4_only = |asked: &[u8]| if question_type(asked) == 1 { vec![honest(asked)] } else { Vec::new() };
    let server = NameServer::start(ipv4_only, silence).await;
    assert_eq!(check_families(server.address(), &[Family::Ipv4]).await, records(&["84.160.12.7"], &[]));
    assert!(server.received().iter().all(|asked| question_type(asked) == 1), "nothing else is asked");
    assert_eq!(check_families(server.address(), &[]).await, records(&[], &[]));
    assert_eq!(server.received().len(), 1, "nothing is asked");
}

fn truncated(asked: &[u8]) -> Vec<Vec<u8>> {
    vec![header(asked, [AUTHORITATIVE | 2, 0], 0)]
}

#[tokio::test]
async fn an_answer_that_didnt_fit_is_asked_for_over_tcp() {
    let over_tcp = |asked: &[u8]| vec![honest(asked)];
    assert_eq!(answer_of(truncated, over_tcp).await, records(&["84.160.12.7"], &[]));
}

#[tokio::test]
async fn over_tcp_nothing_is_forgiven_either() {
    for (story, reply) in [
        ("cut off again", (|asked: &[u8]| header(asked, [AUTHORITATIVE | 2, 0], 0)) as fn(&[u8]) -> Vec<u8>),
        ("another id", |asked| {
            let mut reply = honest(asked);
            reply[1] ^= 1;
            reply
        }),
        ("empty", |_| Vec::new()),
    ] {
        let over_tcp = move |asked: &[u8]| vec![reply(asked)];
        assert_eq!(answer_of(truncated, over_tcp).await, cant(DnsProblem::Refused), "{story}");
    }
    assert_eq!(answer_of(truncated, silence).await, cant(DnsProblem::NoAnswer), "the connection is closed");
}

#[tokio::test]
async fn a_slow_drip_over_tcp_ends_with_the_check() {
    let server = NameServer::dripping(truncated, |asked: &[u8]| vec![honest(asked)]).await;
    let start = Instant::now();
    assert_eq!(check(server.address()).await, cant(DnsProblem::NoAnswer));
    assert!(start.elapsed() < LIMIT);
}

fn addresses(asked: &[u8], count: u16) -> Vec<u8> {
    if question_type(asked) != 1 {
        return honest(asked);
    }
    let all = (0..count).rev().flat_map(|n| {
        let [high, low] = n.to_be_bytes();
        record(1, &[84, 160, high, low])
    });
    header(asked, [AUTHORITATIVE, 0], count).into_iter().chain(all).collect()
}

#[tokio::test]
async fn of_thousands_of_records_the_lowest_few_are_kept() {
    let over_tcp = |asked: &[u8]| vec![addresses(asked, 4000)];
    let DnsAnswer::Records(kept) = answer_of(truncated, over_tcp).await else { panic!("records") };
    assert_eq!(kept.ipv4.len(), 16);
    assert_eq!(kept.ipv4[0].to_string(), "84.160.0.0");
    assert_eq!(kept.ipv4[15].to_string(), "84.160.0.15");
}

#[tokio::test]
async fn a_huge_datagram_is_read_like_any_other() {
    let huge = |asked: &[u8]| vec![addresses(asked, 3000)];
    let DnsAnswer::Records(kept) = answer_of(huge, silence).await else { panic!("records") };
    assert_eq!(kept.ipv4.len(), 16);
    let padded = |asked: &[u8]| vec![[honest(asked), vec![0xaa; 60_000]].concat()];
    let answer = answer_of(padded, silence).await;
    assert_eq!(answer, records(&["84.160.12.7"], &[]), "what follows the records means nothing");
}

#[tokio::test]
async fn an_answer_that_cant_be_read_is_a_refusal() {
    let after_the_question = |rest: &'static [u8], count: u16| {
        move |asked: &[u8]| vec![[header(asked, [AUTHORITATIVE, 0], count), rest.to_vec()].concat()]
    };
    // The name in the first answer comes after the question: 12 bytes of header, 15 of name, 4 of type and class.
    for (story, rest, count) in [
        ("a name that points at itself", &[0xc0, 31, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 84, 160, 12, 7][..], 1),
        ("two names that point at each other", &[0xc0, 33, 0xc0, 31, 0, 1, 0, 1, 0, 0, 0, 60, 0, 0], 1),
        ("a name that points forward", &[0xc0, 200, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 84, 160, 12, 7], 1),
        ("a name of a reserved kind", &[0x80, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 84, 160, 12, 7], 1),
        ("an address of three bytes", &[0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 3, 84, 160, 12], 1),
        ("an address that says it is longer", &[0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0xff, 0xff, 84, 160], 1),
        ("records that were announced and aren't there", &[], u16::MAX),
    ] {
        let answer = answer_of(after_the_question(rest, count), silence).await;
        assert_eq!(answer, cant(DnsProblem::Refused), "{story}");
    }
}

#[tokio::test]
async fn aliases_in_a_circle_are_a_refusal() {
    let circle = |asked: &[u8]| vec![[header(asked, [AUTHORITATIVE, 0], 1), record(5, &[0xc0, 12])].concat()];
    assert_eq!(answer_of(circle, silence).await, cant(DnsProblem::Refused));
}

#[tokio::test]
async fn whatever_bytes_come_the_check_ends_without_a_panic() {
    // A simple generator, so that the bytes are the same in every run.
    let mut state = 0x2545_f491_u32;
    let mut next = move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    let noise: Vec<Vec<u8>> = (0..300).map(|length| (0..length).map(|_| next()).collect()).collect();
    for rest in noise.chunks(10) {
        let rest = rest.to_vec();
        let at = std::sync::atomic::AtomicUsize::new(0);
        let reply = move |asked: &[u8]| {
            let turn = at.fetch_add(1, std::sync::atomic::Ordering::Relaxed) % rest.len();
            vec![[header(asked, [AUTHORITATIVE, 0], 7), rest[turn].clone()].concat()]
        };
        let answer = answer_of(reply, silence).await;
        assert!(matches!(answer, DnsAnswer::CantVerify(_)), "{answer:?}");
    }
}
