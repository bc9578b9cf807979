//! Stories of an update request to servers of all kinds.

mod wire;

use std::time::{Duration, Instant};

use dyntray_core::protocol::reply::{Accepted, HaltReason, Verdict};
use dyntray_core::protocol::retryable::RetryableError;
use dyntray_core::protocol::url_template::UrlTemplate;
use dyntray_core::record::SendEnd;
use dyntray_core::types::address::Addresses;
use wire::{Act, BASIC, HOST, IPV4, IPV6, Server, TOKEN, header, send};

fn unreadable(line: &str) -> SendEnd {
    SendEnd::Answered(Verdict::Retry(RetryableError::Unreadable { line: line.into() }))
}

fn halted(reason: HaltReason) -> SendEnd {
    SendEnd::Answered(Verdict::Halt(reason))
}

const GOOD: SendEnd = SendEnd::Answered(Verdict::Accepted(Accepted::Good));
const UNCONFIRMED: SendEnd = SendEnd::Failed(RetryableError::Unconfirmed);
const UNREACHABLE: SendEnd = SendEnd::Failed(RetryableError::Unreachable);

#[tokio::test]
async fn a_request_names_host_and_addresses_in_its_line_and_the_secret_in_its_login_only() {
    let server = Server::start(Act::status(200, format!("good {IPV4},{IPV6}\n"))).await;
    assert_eq!(send(server.update()).await, GOOD);
    let [head] = &server.requests()[..] else { panic!("{:?}", server.requests()) };
    let mut lines = head.lines();
    let line = format!("GET /nic/update?hostname={HOST}&myip={IPV4},{IPV6} HTTP/1.1");
    assert_eq!(lines.next(), Some(line.as_str()));
    assert_eq!(header(head, "authorization"), Some(BASIC));
    assert_eq!(header(head, "host"), Some(format!("127.0.0.1:{}", server.port()).as_str()));
    let agent = header(head, "user-agent").expect("an agent");
    let version = env!("CARGO_PKG_VERSION");
    assert!(agent.starts_with(&format!("Dyntray/{version} (")) && agent.ends_with(')'), "{agent}");
    assert!(agent.contains(std::env::consts::OS), "{agent}");
    assert!(!head.contains(TOKEN), "{head}");
    for unwanted in ["referer", "cookie", "origin", "accept-language", "content-length", "expect"] {
        assert_eq!(header(head, unwanted), None);
    }
}

#[tokio::test]
async fn where_a_service_wants_the_secret_in_the_url_it_is_there_only_and_an_answer_that_repeats_it_is_kept_without()
 {
    let server = Server::start(Act::status(400, format!("cannot read /nic/update?key={TOKEN}\n"))).await;
    let mut request = wire::request(server.update());
    request.dialect.template = UrlTemplate::parse("?h={host}&key={password}&a={ips}").expect("valid");
    let end = wire::send_request(&request).await;
    assert_eq!(end, unreadable("cannot read /nic/update?key=***"));
    let [head] = &server.requests()[..] else { panic!("{:?}", server.requests()) };
    assert!(
        head.starts_with(&format!("GET /nic/update?h={HOST}&key={TOKEN}&a={IPV4},{IPV6} HTTP/1.1\r\n")),
        "{head}"
    );
    assert_eq!(header(head, "authorization"), None);
    assert_eq!(head.matches(TOKEN).count(), 1, "{head}");
    assert!(!format!("{request:?} {}", request.url()).contains(TOKEN));
}

#[tokio::test]
async fn one_family_is_sent_alone() {
    let server = Server::start(Act::status(200, "good")).await;
    let both = wire::request(server.update());
    let only_v4 = Addresses { ipv6: None, ..both.addresses };
    let only_v6 = Addresses { ipv4: None, ..both.addresses };
    for (addresses, myip) in [(only_v4, IPV4), (only_v6, IPV6)] {
        let request = dyntray_core::protocol::request::UpdateRequest { addresses, ..both.clone() };
        assert_eq!(wire::send_request(&request).await, GOOD);
        let line = format!("GET /nic/update?hostname={HOST}&myip={myip} HTTP/1.1\r\n");
        assert!(server.requests().last().is_some_and(|head| head.starts_with(&line)));
    }
}

#[tokio::test]
async fn nothing_that_a_server_leaves_behind_comes_back_with_the_next_request() {
    let headers = "Set-Cookie: who=me; Path=/\r\nWWW-Authenticate: Basic realm=x\r\nETag: \"7\"\r\n";
    let server = Server::start(Act::with(200, headers, "good")).await;
    assert_eq!(send(server.update()).await, GOOD);
    assert_eq!(send(server.update()).await, GOOD);
    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[0], requests[1]);
}

#[tokio::test]
async fn a_redirect_is_neither_followed_nor_success_and_tells_nobody_the_secret() {
    for status in [301, 302, 303, 307, 308] {
        let other = Server::start(Act::status(200, "good")).await;
        for to in [
            format!("http://127.0.0.1:{}/nic/update", other.port()),
            format!("http://localhost:{}/", other.port()),
            format!("//127.0.0.1:{}/", other.port()),
            "/nic/update?again".to_owned(),
        ] {
            let server = Server::start(Act::redirect(status, &to)).await;
            assert_eq!(send(server.update()).await, unreadable("<html>Moved</html>"), "{status} to {to}");
            assert_eq!(server.requests().len(), 1);
        }
        assert_eq!(other.connections(), 0);
    }
}

#[tokio::test]
async fn a_refusal_by_status_halts_whatever_page_comes_with_it() {
    let long = format!("<html>{}</html>", "Unauthorized ".repeat(10_000));
    for page in ["<html>Unauthorized</html>", "", "good luck next time, <b>you</b>\n<p>", &long] {
        let server = Server::start(Act::status(401, page)).await;
        assert_eq!(send(server.update()).await, halted(HaltReason::BadAuth), "{page:.40}");
        assert_eq!(server.requests().len(), 1, "a refused login isn't retried");
    }
}

#[tokio::test]
async fn a_refusal_halts_however_its_answer_ends() {
    let too_long = b"HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\n";
    let chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    let plain = b"HTTP/1.1 200 OK\r\n\r\n";
    let page = b"HTTP/1.1 500 No\r\nContent-Type: text/html\r\nContent-Length: 4000\r\n\r\n";
    for (word, reason) in [
        (&b"badauth"[..], HaltReason::BadAuth),
        (b"badauth The login is wrong.", HaltReason::BadAuth),
        (b"badauth <b>no</b>", HaltReason::BadAuth),
        (b"badauth ung\xfcltig", HaltReason::BadAuth),
        (b"\xef\xbb\xbf!yours\r\n", HaltReason::NotYours),
        (b"abuse\n<html>", HaltReason::Abuse),
    ] {
        let cut_chunk = [format!("{:x}\r\n", word.len() + 7).as_bytes(), word].concat();
        let whole_chunk = [format!("{:x}\r\n", word.len()).as_bytes(), word, b"\r\n"].concat();
        for act in [
            Act::Answer([too_long, word].concat()),
            Act::Answer([&page[..], word].concat()),
            Act::Answer([&chunked[..], &cut_chunk].concat()),
            Act::Answer([&chunked[..], &whole_chunk].concat()),
            Act::Answer([&chunked[..], &whole_chunk, b"nonsense\r\n"].concat()),
            Act::ResetAfter([too_long, word].concat()),
            Act::ResetAfter([plain, word].concat()),
            Act::ResetAfter([&chunked[..], &cut_chunk].concat()),
            Act::Flood([plain, word].concat(), b" and so on".to_vec()),
        ] {
            let server = Server::start(act).await;
            assert_eq!(send(server.update()).await, halted(reason.clone()), "{word:?}");
            assert_eq!(server.requests().len(), 1);
        }
    }
    // The status alone.
    for act in [
        Act::Answer(b"HTTP/1.1 401 No\r\nContent-Length: 40\r\n\r\n".to_vec()),
        Act::Answer(b"HTTP/1.1 401 No\r\nContent-Length: 40\r\n\r\n<html>good".to_vec()),
        Act::ResetAfter(b"HTTP/1.1 401 No\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec()),
        Act::status(401, "good"),
    ] {
        assert_eq!(send(Server::start(act).await.update()).await, halted(HaltReason::BadAuth));
    }
}

#[tokio::test]
async fn trouble_that_the_status_tells_is_told_however_its_answer_ends() {
    for act in [
        Act::Answer(b"HTTP/1.1 503 No\r\nContent-Length: 40\r\n\r\n<html>".to_vec()),
        Act::ResetAfter(b"HTTP/1.1 503 No\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec()),
    ] {
        let error = RetryableError::Server { code: "503".to_owned() };
        assert_eq!(send(Server::start(act).await.update()).await, SendEnd::Answered(Verdict::Retry(error)));
    }
}

#[tokio::test]
async fn an_answer_that_repeats_the_login_in_any_disguise_is_kept_without_it() {
    let login = BASIC.trim_start_matches("Basic ");
    for (told, kept) in [
        (format!("No: {TOKEN}"), "No: ***"),
        (format!("No: Authorization: {BASIC}"), "No: Authorization: Basic aG9tZS5zcGRucy5kZT***=="),
        (format!("No: {}", login.trim_end_matches('=')), "No: aG9tZS5zcGRucy5kZT***"),
        ("No: YWJjZC1lZmdoLWlqa2w=".to_owned(), "No: ***="),
        ("No: abcd%2Defgh%2dijkl!".to_owned(), "No: ***!"),
        ("<p>No: abcd&#45;efgh&#x2D;ijkl</p>".to_owned(), "<p>No: ***</p>"),
        ("{\"no\":\"abcd\\u002defgh\\u002Dijkl\"}".to_owned(), "{\"no\":\"***\"}"),
        (format!("No: {}", TOKEN.to_uppercase()), "No: ***"),
        ("No: 616263642d656667682d696a6b6c".to_owned(), "No: ***"),
    ] {
        let server = Server::start(Act::status(200, &told)).await;
        assert_eq!(send(server.update()).await, unreadable(kept), "{told}");
    }
    let utf16: Vec<u8> = format!("No: {TOKEN}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let server = Server::start(Act::status(200, utf16)).await;
    assert_eq!(send(server.update()).await, unreadable("No: ***"));
}

#[tokio::test]
async fn an_error_of_the_server_is_named_as_such() {
    for status in [500, 502, 503, 504] {
        let server = Server::start(Act::status(status, "<html>Oops</html>")).await;
        let error = RetryableError::Server { code: status.to_string() };
        assert_eq!(send(server.update()).await, SendEnd::Answered(Verdict::Retry(error)));
        assert_eq!(server.requests().len(), 1);
    }
}

#[tokio::test]
async fn no_page_is_taken_for_success_whatever_word_is_in_it() {
    for (status, body, line) in [
        (200, "<html>good</html>", "<html>good</html>"),
        (200, "<html>\ngood 84.160.12.7\n</html>", "<html>"),
        (200, "Everything is good", "Everything is good"),
        (200, "goodbye", "goodbye"),
        (200, "GOOD", "GOOD"),
        (200, "good\n<script>", "good"),
        (200, "good <b>", "good <b>"),
        (200, "good\u{a0}", "good"),
        (200, "\u{a0}good", "good"),
        (404, "good", "good"),
        (302, "nochg", "nochg"),
        (200, "good\u{0}", "good "),
        (200, "{\"status\":\"good\"}", "{\"status\":\"good\"}"),
        (200, "", ""),
        (200, "\r\n\r\n", ""),
        (204, "", ""),
        (404, "<html>Not here</html>", "<html>Not here</html>"),
    ] {
        let server = Server::start(Act::status(status, body)).await;
        assert_eq!(send(server.update()).await, unreadable(line), "{status} {body:?}");
    }
}

#[tokio::test]
async fn an_answer_of_bytes_that_are_no_text_is_unreadable() {
    let server = Server::start(Act::status(200, b"good \xff\xfe\x00")).await;
    let end = send(server.update()).await;
    assert!(matches!(&end, SendEnd::Answered(Verdict::Retry(RetryableError::Unreadable { .. }))), "{end:?}");
}

#[tokio::test]
async fn an_answer_that_names_another_address_is_no_success() {
    for body in [
        "good 127.0.0.1",
        "good [127.0.0.1]",
        "good (84.160.12.8)",
        "nochg 84.160.12.8",
        "good 84.160.12.7,2003:e1::dead",
    ] {
        let server = Server::start(Act::status(200, body)).await;
        let end = send(server.update()).await;
        assert!(matches!(&end, SendEnd::Answered(Verdict::Halt(HaltReason::OtherAddress { .. }))), "{end:?}");
    }
}

#[tokio::test]
async fn an_endless_answer_is_left_after_a_while_and_is_never_success() {
    let plain = b"HTTP/1.1 200 OK\r\n\r\n".to_vec();
    let sized = b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n".to_vec();
    let start = Instant::now();
    for head in [plain, sized] {
        // The second and third would be `good` if the part that was read were the whole body.
        for body in ["<html>good</html>\n", "good\n\n\n\n", "        "] {
            let first = if body.trim().is_empty() { "good" } else { "" };
            let server = Server::start(Act::Flood([&head, first.as_bytes()].concat(), body.into())).await;
            let line = if first.is_empty() { body.trim() } else { first };
            assert_eq!(send(server.update()).await, unreadable(line), "{body:?}");
        }
    }
    let chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
    let server = Server::start(Act::Flood(chunked, b"8\r\ngood\n\n\n\n\r\n".to_vec())).await;
    assert_eq!(send(server.update()).await, unreadable("good"));
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
}

#[tokio::test]
async fn an_endless_head_is_left_too() {
    for line in ["X: y\r\n", "x"] {
        let server = Server::start(Act::Flood(b"HTTP/1.1 200 OK\r\n".to_vec(), line.into())).await;
        assert_eq!(send(server.update()).await, UNCONFIRMED);
        assert_eq!(server.requests().len(), 1);
    }
}

#[tokio::test]
async fn a_server_that_isnt_there_was_sent_nothing() {
    let port = wire::closed_port().await;
    let server =
        dyntray_core::types::server::WebAddress::parse_server(&format!("127.0.0.1:{port}")).expect("valid");
    assert_eq!(send(server).await, UNREACHABLE);
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_server_without_a_way_to_it_was_sent_nothing() {
    // The system itself refuses connections to multicast addresses: nothing leaves this machine.
    let nowhere = dyntray_core::types::server::WebAddress::parse_server("https://[ff0e::1]").expect("valid");
    assert_eq!(send(nowhere).await, UNREACHABLE, "no route");
}

#[tokio::test]
async fn a_connection_that_broke_before_an_answer_is_unconfirmed_and_nothing_is_sent_twice() {
    for act in [
        Act::Reset,
        Act::Answer(Vec::new()),
        Act::Answer(b"HTTP/1.1 200".to_vec()),
        Act::Answer(b"220 mail.example.org ESMTP\r\n".to_vec()),
        Act::ResetAfter(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n".to_vec()),
        Act::ResetAfter(b"HTTP/1.1 200 OK\r\n\r\ngood".to_vec()),
    ] {
        let server = Server::start(act).await;
        assert_eq!(send(server.update()).await, UNCONFIRMED);
        tokio::time::sleep(Duration::from_millis(300)).await;
        assert_eq!((server.connections(), server.requests().len()), (1, 1));
    }
}

#[tokio::test]
async fn half_an_answer_is_unconfirmed() {
    for answer in [
        "HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\ngood 84.160.12.7",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\ngood\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\ngood 127.0.0.1",
        "HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\nbadau",
        "HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\n<html>",
    ] {
        let server = Server::start(Act::Answer(answer.into())).await;
        assert_eq!(send(server.update()).await, UNCONFIRMED, "{answer:?}");
        assert_eq!(server.requests().len(), 1);
    }
}

#[tokio::test]
async fn a_server_that_hangs_or_drips_is_left_after_half_a_minute() {
    let head = b"HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\n".to_vec();
    let hanging = Server::start(Act::Hang).await;
    let dripping = Server::start(Act::Drip(head, b"good\n".to_vec())).await;
    let dripping_head = Server::start(Act::Drip(b"HTTP/1.1 200 OK\r\n".to_vec(), b"X: y\r\n".to_vec())).await;
    let going_on = Server::start(Act::Drip(Vec::new(), b"HTTP/1.1 102 Wait\r\n\r\n".to_vec())).await;
    let start = Instant::now();
    let ends = tokio::join!(
        send(hanging.update()),
        send(dripping.update()),
        send(dripping_head.update()),
        send(going_on.update())
    );
    assert_eq!(ends, (UNCONFIRMED, UNCONFIRMED, UNCONFIRMED, UNCONFIRMED));
    let took = start.elapsed();
    assert!(took > Duration::from_secs(29) && took < Duration::from_secs(34), "{took:?}");
    for server in [hanging, dripping, dripping_head, going_on] {
        assert_eq!(server.connections(), 1);
    }
}

#[tokio::test]
async fn a_slow_honest_answer_is_waited_for() {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\ngood", 4 + 2 * 2);
    let server = Server::start(Act::Drip(head.into_bytes(), b" \n".to_vec())).await;
    assert_eq!(send(server.update()).await, GOOD);
}
