//! Routers as they are sold: each table has the odd things of one kind that real routers do, written anew from captures and
//! reports of them. The source stands beside each.

mod simulated_router;

use std::net::{Ipv4Addr, SocketAddrV4};
use std::time::{Duration, Instant};

use dyntray_agent::router::{Router, RouterAnswer};
use dyntray_core::observe::observation::{LookUpProblem, Observation};
use dyntray_core::types::address::Family;
use simulated_router::{
    Act, HERE, IPV4, SERVICE, SimulatedRouter, description, envelope, header, known, no_answer, notify,
    together, unavailable, upnp,
};

/// Long enough for loopback, and for the two seconds between two notifications.
const SOON: Duration = Duration::from_secs(3);

/// The response to `GetExternalIPAddress` with the right address.
fn response() -> String {
    envelope(&format!(
        "<u:GetExternalIPAddressResponse xmlns:u=\"{SERVICE}\"><NewExternalIPAddress>{IPV4}</NewExternalIPAddress>\
         </u:GetExternalIPAddressResponse>"
    ))
}

fn status(word: &str) -> Act {
    Act::values("GetStatusInfo", &[("NewConnectionStatus", word)])
}

/// True where the head has this name of a field, byte by byte.
fn names(head: &str, name: &str) -> bool {
    head.lines().any(|line| line.split_once(": ").is_some_and(|(known, _)| known == name))
}

const NOT_IMPLEMENTED: &str =
    "<HEAD><TITLE>501 Not Implemented</TITLE></HEAD><BODY><H1>501 Not Implemented</H1></BODY>";

/// Answers some requests by their heads.
type Gate = fn(&str) -> Option<Act>;

/// A WRT120N: any other spelling than SOAPACTION is a page (syncthing#1696, 2015-04-25).
fn wrt120n(head: &str) -> Option<Act> {
    let is_odd = head.starts_with("POST") && !names(head, "SOAPACTION");
    is_odd.then(|| Act::status(501, NOT_IMPLEMENTED))
}

/// A router that shows its login page where it finds no SOAPAction (jupnp#120, 2019-05-14).
fn login_page(head: &str) -> Option<Act> {
    let is_odd = head.starts_with("POST") && !names(head, "SOAPAction");
    is_odd.then(|| Act::status(200, "<html><body><form action=login></form></body></html>"))
}

/// One that wants SOAPACTION, and takes the question for one without an action.
fn invalid_action(head: &str) -> Option<Act> {
    let is_odd = head.starts_with("POST") && !names(head, "SOAPACTION");
    is_odd.then(|| Act::fault(401))
}

/// One that closes the connection where it doesn't find HOST first.
fn host_first(head: &str) -> Option<Act> {
    let second = head.lines().nth(1).unwrap_or_default();
    (!second.starts_with("HOST: 127.0.0.1:")).then(|| Act::Answer(Vec::new()))
}

/// One that reads on into the next lines where the action isn't quoted (nicotine-plus#973, 2021-01-27: Homeware).
fn quoted(head: &str) -> Option<Act> {
    let is_odd = |action: &str| !(action.starts_with('"') && action.ends_with('"'));
    header(head, "soapaction").is_some_and(is_odd).then(|| Act::fault(401))
}

/// One that refuses what a library adds by itself (Open.NAT#26, 2015-05-03).
fn plain(head: &str) -> Option<Act> {
    let extras = ["Expect", "Accept-Encoding", "Transfer-Encoding"];
    let is_odd = extras.into_iter().any(|name| header(head, name).is_some());
    is_odd.then(|| Act::status(400, ""))
}

/// One that knows UPnP's names of fields only as UPnP spells them (UPnP Device Architecture 1.0, 4.1.2).
fn capitals(head: &str) -> Option<Act> {
    let is_first = head.starts_with("SUBSCRIBE") && !names(head, "SID");
    let is_odd = is_first && !["HOST", "CALLBACK", "NT", "TIMEOUT"].iter().all(|name| names(head, name));
    is_odd.then(|| Act::status(412, ""))
}

#[tokio::test]
async fn names_of_header_fields_are_written_as_old_routers_want_them() {
    let gates: [(&str, Gate, usize); 6] = [
        ("WRT120N", wrt120n, 1),
        ("a login page", login_page, 0),
        ("no action", invalid_action, 1),
        ("HOST first", host_first, 0),
        ("a quoted action", quoted, 0),
        ("nothing else", plain, 0),
    ];
    let stories = gates.into_iter().map(|(name, gate, refused)| async move {
        let router = SimulatedRouter::good().await;
        router.set_gate(gate);
        router.on("GetStatusInfo", status("Connected"));
        let dyntray = router.handle();
        for _ in 0..3 {
            assert_eq!(dyntray.look_up(Family::Ipv4).await, upnp(known(IPV4)), "{name}");
        }
        // The spelling that it wants is remembered.
        let posts = router.requests().iter().filter(|head| head.starts_with("POST")).count();
        assert_eq!(posts, 6 + refused, "{name}: {:#?}", router.requests());
        assert_eq!(router.count("GET /desc.xml"), 1, "{name}");
    });
    together(stories.collect()).await;
}

#[tokio::test]
async fn subscriptions_are_asked_for_in_capitals() {
    let router = SimulatedRouter::good().await;
    router.set_gate(capitals);
    let dyntray = router.handle();
    assert_eq!(dyntray.look_up(Family::Ipv4).await, upnp(known(IPV4)));
    let head = router.wait_for("SUBSCRIBE /evt", 1).await;
    assert!(capitals(&head).is_none(), "{head}");
    dyntray.use_gateway(None);
    let head = router.wait_for("UNSUBSCRIBE /evt", 1).await;
    assert!(names(&head, "SID") && names(&head, "HOST"), "{head}");
}

#[tokio::test]
async fn an_odd_answer_to_a_question_about_ipv6_is_remembered_and_ends_nothing() {
    let answers = [
        ("a fault", Act::fault(401), 1),
        ("404", Act::status(404, "not found"), 1),
        ("400", Act::status(400, ""), 2),
        ("501 with a page", Act::status(501, NOT_IMPLEMENTED), 2),
        ("a page", Act::status(200, "<html><body>Login</body></html>"), 2),
        ("broken XML", Act::status(200, "<s:Envelope><s:Body><u:X_AVM"), 2),
        ("another action's", Act::external(IPV4), 2),
        ("nothing", Act::Answer(Vec::new()), 2),
        ("a redirect", Act::with(302, "Location: /login\r\n", ""), 2),
        ("silence", Act::Hang, 2),
    ];
    let stories = answers.into_iter().map(|(name, answer, most)| async move {
        let router = SimulatedRouter::good().await;
        router.on("X_AVM_DE_GetExternalIPv6Address", answer);
        let dyntray = router.handle();
        router.wait_for("SUBSCRIBE /evt", 1).await;
        for _ in 0..4 {
            assert_eq!(dyntray.look_up(Family::Ipv6).await, no_answer(LookUpProblem::NoRouter), "{name}");
            assert_eq!(dyntray.look_up(Family::Ipv4).await, upnp(known(IPV4)), "{name}");
        }
        let told = tokio::time::timeout(SOON, dyntray.changed()).await;
        assert!(told.is_err(), "{name}: nothing changed");
        let counts = ["GET /desc.xml", "SUBSCRIBE /evt", "UNSUBSCRIBE /evt"].map(|what| router.count(what));
        assert_eq!(counts, [1, 1, 0], "{name}");
        let asked = router.count("X_AVM_DE_GetExternalIPv6Address");
        assert!((1..=most).contains(&asked), "{name}: {asked}");
    });
    together(stories.collect()).await;
}

#[tokio::test]
async fn an_odd_answer_to_any_question_leaves_the_subscription_alone() {
    let answers = [
        ("503", "GetExternalIPAddress", Act::status(503, "busy"), LookUpProblem::Status { status: 503 }),
        ("a page", "GetExternalIPAddress", Act::status(200, "<html></html>"), LookUpProblem::NotUnderstood),
        ("a reset", "GetExternalIPAddress", Act::Answer(Vec::new()), LookUpProblem::NotUnderstood),
        ("silence", "GetExternalIPAddress", Act::Hang, LookUpProblem::TimedOut),
        (
            "busy with the description too",
            "GET /desc.xml",
            Act::status(503, "busy"),
            LookUpProblem::NotUnderstood,
        ),
    ];
    let stories = answers.into_iter().map(|(name, what, answer, why)| async move {
        let router = SimulatedRouter::good().await;
        let dyntray = router.handle();
        router.wait_for("SUBSCRIBE /evt", 1).await;
        assert_eq!(dyntray.look_up(Family::Ipv4).await, upnp(known(IPV4)), "{name}");
        router.on("GetExternalIPAddress", Act::status(200, "?"));
        router.on(what, answer);
        for _ in 0..2 {
            assert_eq!(dyntray.look_up(Family::Ipv4).await, no_answer(why.clone()), "{name}");
        }
        router.on("GetExternalIPAddress", Act::external("84.160.12.8"));
        assert_eq!(dyntray.look_up(Family::Ipv4).await, upnp(known("84.160.12.8")), "{name}");
        assert_eq!(router.count("UNSUBSCRIBE /evt"), 0, "{name}");
    });
    together(stories.collect()).await;
}

#[tokio::test]
async fn an_odd_answer_to_a_renewal_does_not_end_a_subscription() {
    let router = SimulatedRouter::good().await;
    let dyntray = router.handle();
    router.wait_for("SUBSCRIBE /evt", 1).await;
    assert_eq!(dyntray.look_up(Family::Ipv4).await, upnp(known(IPV4)));
    router.on("SUBSCRIBE /evt", Act::status(503, ""));
    // Another address without an event: the subscription is looked after.
    router.on("GetExternalIPAddress", Act::external("84.160.12.8"));
    assert_eq!(dyntray.look_up(Family::Ipv4).await, upnp(known("84.160.12.8")));
    router.wait_for("SUBSCRIBE /evt", 2).await;
    router.on("SUBSCRIBE /evt", Act::subscribed("uuid:1"));
    let renewal = router.wait_for("SUBSCRIBE /evt", 3).await;
    assert_eq!(header(&renewal, "sid"), Some("uuid:1"));
    assert_eq!((router.count("UNSUBSCRIBE /evt"), router.count("GET /desc.xml")), (0, 1));
}

/// The answer to a search with a place at this host.
fn place(host: &str, port: u16) -> String {
    format!("HTTP/1.1 200 OK\r\nST: {SERVICE}\r\nLOCATION: http://{host}:{port}/desc.xml\r\n\r\n")
}

#[tokio::test]
async fn places_at_another_host_are_asked_at_the_gateway() {
    let hosts =
        ["[::1]", "[fe80::1%25br0]", "169.254.17.3", "fritz.box", "192.168.0.1", "0.0.0.0", "localhost."];
    let stories = hosts.map(|host| async move {
        let router = SimulatedRouter::silent().await;
        router.add_answer(SERVICE, place(host, router.port()));
        router.on("GET /desc.xml", Act::status(200, description("/ctl", "/evt")));
        router.on("GetExternalIPAddress", Act::external(IPV4));
        assert_eq!(router.look_up(Family::Ipv4).await, upnp(known(IPV4)), "{host}");
        let asked = router.wait_for("GET /desc.xml", 1).await;
        assert_eq!(header(&asked, "host"), Some(format!("127.0.0.1:{}", router.port()).as_str()), "{host}");
    });
    together(stories.into()).await;
}

#[tokio::test]
async fn a_wrong_base_does_not_hide_the_services() {
    let bases: [fn(u16) -> String; 8] = [
        |port| format!("http://169.254.1.1:{port}/"),
        |port| format!("http://router.lan:{port}"),
        |port| format!("http://[::1]:{port}/"),
        // A port at which nobody listens, and none at all.
        |_| "http://127.0.0.1:1/".to_owned(),
        |_| "http://127.0.0.1/".to_owned(),
        |_| "https://127.0.0.1/".to_owned(),
        |_| "192.168.0.1".to_owned(),
        |_| " ".to_owned(),
    ];
    let stories = bases.map(|base| async move {
        let router = SimulatedRouter::good().await;
        let base = base(router.port());
        let described = description("/ctl", "/evt")
            .replace("<device><deviceList>", &format!("<URLBase>{base}</URLBase><device><deviceList>"));
        router.on("GET /desc.xml", Act::status(200, described));
        let dyntray = router.handle();
        assert_eq!(dyntray.look_up(Family::Ipv4).await, upnp(known(IPV4)), "{base}");
        router.wait_for("SUBSCRIBE /evt", 1).await;
    });
    together(stories.into()).await;
}

#[tokio::test]
async fn xml_is_read_as_routers_write_it() {
    let whole = response();
    let inner = format!("<NewExternalIPAddress>{IPV4}</NewExternalIPAddress>");
    let wide: Vec<u8> = format!("\u{feff}{whole}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let bodies: Vec<(&str, Vec<u8>)> = vec![
        // async_upnp_client#221 (2024-03-06): no prefix is declared.
        ("undeclared prefixes", whole.replace(&format!(" xmlns:u=\"{SERVICE}\""), "").into()),
        ("no prefix at all", whole.replace("s:", "").replace("u:", "").into()),
        ("another prefix", whole.replace("u:Get", "m:Get").replace("xmlns:u", "xmlns:m").into()),
        ("a bare &", whole.replace(&inner, &format!("<NewName>Me & Co</NewName>{inner}")).into()),
        // home-assistant#71138 (2022-05-01): an Archer C9's tags don't match.
        ("mismatched tags", whole.replace(&inner, &format!("<NewName>x</NewNam>{inner}")).into()),
        (
            "its own tag mismatched",
            whole.replace("</NewExternalIPAddress>", "</NewExternalIpAddress>").into(),
        ),
        ("blank lines first", format!("\r\n\r\n  {whole}").into()),
        ("a mark first", format!("\u{feff}{whole}").into()),
        ("zero bytes last", format!("{whole}\0\0\0").into()),
        ("a document type", whole.replace("<s:Envelope", "<!DOCTYPE Envelope>\n<s:Envelope").into()),
        ("no end", whole.replace("</s:Body></s:Envelope>", "").into()),
        ("UTF-16", wide),
        ("a value with white space", whole.replace(IPV4, &format!("\n  {IPV4}\t\n")).into()),
        ("a value as CDATA", whole.replace(IPV4, &format!("<![CDATA[{IPV4}]]>")).into()),
        (
            "a name in another encoding",
            [b"<!-- caf\xe9 -->", whole.split_once('\n').expect("two").1.as_bytes()].concat(),
        ),
        ("an attribute without quotes", whole.replace("Address>8", "Address dt=string>8").into()),
    ];
    let stories = bodies.into_iter().map(|(name, body)| async move {
        let router = SimulatedRouter::good().await;
        router.on("GetExternalIPAddress", Act::status(200, body));
        assert_eq!(router.look_up(Family::Ipv4).await, upnp(known(IPV4)), "{name}");
    });
    together(stories.collect()).await;
}

#[tokio::test]
async fn descriptions_are_read_as_routers_write_them() {
    let whole = description("/ctl", "/evt");
    let named = |name: &str| whole.replace("<device><deviceList>", &format!("<device>{name}<deviceList>"));
    let bodies: Vec<(&str, Vec<u8>)> = vec![
        ("an undeclared prefix", named("<dlna:X_DLNADOC>x</dlna:X_DLNADOC>").into()),
        ("a bare &", named("<friendlyName>Me & Co</friendlyName>").into()),
        ("mismatched tags", named("<modelName>Archer</modelNumber>").into()),
        ("no end of a device", whole.replace("</device></deviceList></device>", "").into()),
        ("blank lines first", format!("\n\n{whole}").into()),
        ("a document type", whole.replace("<root", "<!DOCTYPE root>\n<root").into()),
        ("another namespace", whole.replace("schemas-upnp-org:device-1-0", "dslforum-org:device-1-0").into()),
        ("UTF-16", whole.encode_utf16().flat_map(u16::to_be_bytes).collect()),
        (
            "Latin 1",
            [named("<friendlyName>Bo\u{0}te</friendlyName>").replace('\u{0}', "\u{1}").into_bytes()].concat(),
        ),
    ];
    let stories = bodies.into_iter().map(|(name, body)| async move {
        let router = SimulatedRouter::good().await;
        router.on("GET /desc.xml", Act::status(200, body));
        assert_eq!(router.look_up(Family::Ipv4).await, upnp(known(IPV4)), "{name}");
    });
    together(stories.collect()).await;
}

#[tokio::test]
async fn what_cannot_be_understood_is_called_that_and_entities_stay_refused() {
    let bodies = [
        ("plain", IPV4.to_owned()),
        ("a page", format!("<html><body>{IPV4}</body></html>")),
        (
            "cut off within the value",
            "<s:Envelope><u:GetExternalIPAddressResponse><NewExternalIPAddress>84.160.12.1".to_owned(),
        ),
        ("another action", response().replace("GetExternalIPAddressResponse", "GetNATRSIPStatusResponse")),
        ("without the value", response().replace("NewExternalIPAddress>", "NewExternalPort>")),
        (
            "entities",
            response()
                .replace("<s:Env", "<!DOCTYPE x [<!ENTITY a \"84.160.12.7\">]><s:Env")
                .replace(IPV4, "&a;"),
        ),
        ("entities that aren't used", response().replace("<s:Env", "<!DOCTYPE x [<!ENTITY a \"b\">]><s:Env")),
    ];
    let stories = bodies.into_iter().map(|(name, body)| async move {
        let router = SimulatedRouter::good().await;
        router.on("GetExternalIPAddress", Act::status(200, body));
        let answer = router.look_up(Family::Ipv4).await;
        assert_eq!(answer, no_answer(LookUpProblem::NotUnderstood), "{name}");
    });
    together(stories.collect()).await;
}

#[tokio::test]
async fn http_is_read_as_routers_speak_it() {
    let body = response();
    let (whole, half) = (body.len(), body.len() / 2);
    let chunk = |text: &str| format!("{:X}\r\n{text}\r\n", text.len());
    let chunks = chunk(&body[..half]) + &chunk(&body[half..]);
    let answers = [
        ("too long a length", format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", whole + 99)),
        ("too short a length", format!("HTTP/1.1 200 OK\r\nContent-Length: {half}\r\n\r\n{body}")),
        ("no length", format!("HTTP/1.1 200 OK\r\n\r\n{body}")),
        (
            "two lengths",
            format!("HTTP/1.1 200 OK\r\nContent-Length: {half}\r\nContent-Length: {whole}\r\n\r\n{body}"),
        ),
        ("chunks", format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}0\r\n\r\n")),
        ("no last chunk", format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}")),
        (
            "HTTP/1.0 with chunks",
            format!("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}0\r\n\r\n"),
        ),
        ("chunks that aren't announced", format!("HTTP/1.1 200 OK\r\n\r\n{chunks}0\r\n\r\n")),
        (
            "announced chunks that are none",
            format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{body}"),
        ),
        ("a space before the colon", format!("HTTP/1.1 200 OK\r\nContent-Length : {whole}\r\n\r\n{body}")),
        (
            "folded lines",
            format!("HTTP/1.1 200 OK\r\nServer: a\r\n\tb\r\nContent-Length:\r\n {whole}\r\n\r\n{body}"),
        ),
        ("line feeds alone", format!("HTTP/1.1 200 OK\nContent-Length: {whole}\n\n{body}")),
        ("no reason", format!("HTTP/1.1 200\r\nContent-Length: {whole}\r\n\r\n{body}")),
        ("a blank line first", format!("\r\nHTTP/1.1 200 OK\r\nContent-Length: {whole}\r\n\r\n{body}")),
        (
            "a line without a colon",
            format!("HTTP/1.1 200 OK\r\nEXT\r\nContent-Length: {whole}\r\n\r\n{body}"),
        ),
        ("continue first", format!("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n{body}")),
    ];
    let stories = answers.into_iter().flat_map(|(name, answer)| {
        // The connection ends, or stays open.
        let open = Act::Drip(answer.clone().into_bytes(), Vec::new());
        [(name, Act::Answer(answer.into_bytes())), (name, open)]
    });
    let stories = stories.map(|(name, act)| async move {
        let router = SimulatedRouter::good().await;
        router.on("GetExternalIPAddress", act);
        let dyntray = router.handle();
        // The first one searches, too.
        assert_eq!(dyntray.look_up(Family::Ipv4).await, upnp(known(IPV4)), "{name}");
        let start = Instant::now();
        assert_eq!(dyntray.look_up(Family::Ipv4).await, upnp(known(IPV4)), "{name}");
        assert!(start.elapsed() < Duration::from_millis(1500), "{name}: {:?}", start.elapsed());
    });
    together(stories.collect()).await;
}

#[tokio::test]
async fn an_answer_that_is_cut_off_is_never_half_an_address() {
    let body = response();
    let end = body.find(IPV4).expect("it's there") + IPV4.len();
    let stories = (end - 4..=end + "</NewExternalIPAddress".len()).map(|cut| {
        let body = body[..cut].to_owned();
        async move {
            for framing in
                ["X: y".to_owned(), format!("Content-Length: {}", body.len()), "Content-Length: 999".into()]
            {
                let router = SimulatedRouter::good().await;
                let answer = format!("HTTP/1.1 200 OK\r\n{framing}\r\n\r\n{body}");
                router.on("GetExternalIPAddress", Act::Answer(answer.into_bytes()));
                let answer = router.look_up(Family::Ipv4).await;
                assert!(matches!(answer.observation, Observation::Unavailable { .. }), "{cut}: {answer:?}");
            }
        }
    });
    together(stories.collect()).await;
}

/// A router with descriptions at these paths, of which `/desc.xml` is the right one.
async fn searched(answers: Vec<(&str, Vec<u8>)>) -> (RouterAnswer, usize) {
    let router = SimulatedRouter::good().await;
    router.hide();
    for (target, packet) in answers {
        let port = router.port();
        let packet = match String::from_utf8(packet) {
            Ok(text) => text.replace("{port}", &port.to_string()).into_bytes(),
            Err(other) => replaced(other.as_bytes(), port),
        };
        router.add_answer(target, packet);
    }
    (router.look_up(Family::Ipv4).await, router.count("GET /desc.xml"))
}

fn replaced(packet: &[u8], port: u16) -> Vec<u8> {
    let at = packet.windows(6).position(|six| six == b"{port}").expect("a port");
    [&packet[..at], port.to_string().as_bytes(), &packet[at + 6..]].concat()
}

#[tokio::test]
async fn searches_are_answered_as_routers_answer_them() {
    const ROOT: &str = "upnp:rootdevice";
    const IGD: &str = "urn:schemas-upnp-org:device:InternetGatewayDevice:1";
    let right = "HTTP/1.1 200 OK\r\nLOCATION: http://127.0.0.1:{port}/desc.xml\r\n\r\n";
    // A FRITZ!Box has six root devices, of which one is the gateway (tr64desc.xml, igddesc.xml, ...).
    let six: Vec<(&str, Vec<u8>)> = [
        "/tr64desc.xml",
        "/l2tpv3.xml",
        "/avmnexusdesc.xml",
        "/MediaServerDevDesc.xml",
        "/fboxdesc.xml",
        "/desc.xml",
    ]
    .iter()
    .map(|path| (ROOT, right.replace("/desc.xml", path).into_bytes()))
    .collect();
    let latin =
        [b"HTTP/1.1 200 OK\r\nSERVER: Bo\xeete/1.0\r\nLOCATION: http://127.0.0.1:{port}/desc.xml\r\n\r\n"
            .to_vec()]
        .concat();
    let two = "HTTP/1.1 200 OK\r\nLOCATION: http://127.0.0.1:{port}/other.xml\r\nLOCATION: http://127.0.0.1:{port}/desc.xml\r\n\r\n";
    let cases = [
        ("only root devices", vec![(ROOT, right.into())]),
        ("only its type", vec![(IGD, right.into())]),
        ("only version 2", vec![("urn:schemas-upnp-org:device:InternetGatewayDevice:2", right.into())]),
        ("only PPP", vec![("urn:schemas-upnp-org:service:WANPPPConnection:1", right.into())]),
        ("six descriptions", six),
        ("one byte that isn't ASCII", vec![(IGD, latin)]),
        ("two places", vec![(IGD, two.into())]),
        (
            "two answers in one packet",
            vec![(IGD, [two.replace("/desc.xml", "/x.xml"), right.to_owned()].concat().into())],
        ),
        ("a space before the colon", vec![(IGD, right.replace("LOCATION:", "Location :").into())]),
        ("line feeds alone", vec![(IGD, right.replace("\r\n", "\n").into())]),
        ("no end", vec![(IGD, right.trim_end().into())]),
        // TinyUPnP#13 (2018-06-16): TL-WR841N.
        ("an empty line in between", vec![(IGD, right.replace("LOCATION", "EXT:\r\n\r\nLOCATION").into())]),
        // syncthing#1657 (2015-04-18): D-Link DSL-2730E; TinyUPnP#1 (2017-10-29): TL-WR740N.
        (
            "announcements in place of answers",
            vec![(
                IGD,
                right
                    .replace(
                        "HTTP/1.1 200 OK",
                        "NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nNTS: ssdp:alive",
                    )
                    .into(),
            )],
        ),
        // It takes its leave first, as it does after a restart.
        (
            "a leave before the answer",
            vec![
                (
                    IGD,
                    right
                        .replace("HTTP/1.1 200 OK", "NOTIFY * HTTP/1.1\r\nNTS: ssdp:byebye")
                        .replace("/desc.xml", "/gone.xml")
                        .into(),
                ),
                (IGD, right.into()),
            ],
        ),
    ];
    let stories = cases.into_iter().map(|(name, answers)| async move {
        assert_eq!(searched(answers).await, (upnp(known(IPV4)), 1), "{name}");
    });
    together(stories.collect()).await;
}

#[tokio::test]
async fn an_answer_to_a_search_counts_from_any_port_of_the_gateway() {
    // tailscale#7377 (2023-03-04): an ER605 answers from other ports than the one that was asked.
    let router = SimulatedRouter::good().await;
    let page = router.page("/desc.xml");
    router.hide();
    router.add_answer_from_another_port(SERVICE, &page);
    assert_eq!(router.look_up(Family::Ipv4).await, upnp(known(IPV4)));
}

#[tokio::test]
async fn a_router_whose_places_are_others_after_a_restart_is_found_again() {
    // home-assistant#62442 (2022-03-23): an Archer AX10 makes up its paths at each start.
    let router = SimulatedRouter::silent().await;
    for (paths, address) in [("lsxbv", IPV4), ("mcrpb", "84.160.12.8")] {
        router.on(&format!("GET /{paths}/rootDesc.xml"), {
            Act::status(200, description(&format!("/{paths}/ctl/IPConn"), &format!("/{paths}/evt/IPConn")))
        });
        router.on(&format!("/{paths}/ctl/IPConn#GetExternalIPAddress"), Act::external(address));
        router.on(&format!("SUBSCRIBE /{paths}/evt/IPConn"), Act::subscribed("uuid:1"));
    }
    router.add_location(HERE, &router.page("/lsxbv/rootDesc.xml"));
    let dyntray = router.handle();
    assert_eq!(dyntray.look_up(Family::Ipv4).await, upnp(known(IPV4)));
    router.wait_for("SUBSCRIBE /lsxbv/evt/IPConn", 1).await;
    router.hide();
    router.add_location(HERE, &router.page("/mcrpb/rootDesc.xml"));
    for what in
        ["GET /lsxbv/rootDesc.xml", "/lsxbv/ctl/IPConn#GetExternalIPAddress", "SUBSCRIBE /lsxbv/evt/IPConn"]
    {
        router.on(what, Act::status(404, "not found"));
    }
    assert_eq!(dyntray.look_up(Family::Ipv4).await, upnp(known("84.160.12.8")));
    router.wait_for("SUBSCRIBE /mcrpb/evt/IPConn", 1).await;
}

#[tokio::test]
async fn a_question_that_a_router_does_not_know_costs_nothing_but_its_answer() {
    // home-assistant#56491 (2021-09-27): a TP-Link knows some of the actions that every device has, and others not.
    let router = SimulatedRouter::good().await;
    router.on("GetStatusInfo", Act::fault(401));
    let dyntray = router.handle();
    for _ in 0..3 {
        assert_eq!(dyntray.look_up(Family::Ipv4).await, upnp(known(IPV4)));
    }
    assert_eq!((router.count("GetStatusInfo"), router.count("GetExternalIPAddress")), (2, 3));
}

#[tokio::test]
async fn rubbish_in_the_place_of_an_address_is_none_and_shown_without_control_characters() {
    // miniupnp#567 (2021-09-23): an Asus router while its line is down.
    let mut body = response().into_bytes();
    let at = body.windows(IPV4.len()).position(|part| part == IPV4.as_bytes()).expect("it's there");
    let rubbish: &[u8] = b"schemas.upnp.org\xa0\xd2i\x01\xff\xfe";
    body.splice(at..at + IPV4.len(), rubbish.iter().copied());
    for state in ["", "Connected"] {
        let router = SimulatedRouter::good().await;
        if !state.is_empty() {
            router.on("GetStatusInfo", status(state));
        }
        router.on("GetExternalIPAddress", Act::status(200, body.clone()));
        let answer = router.look_up(Family::Ipv4).await;
        let Observation::Unavailable { why } = answer.observation else { panic!("{answer:?}") };
        match why {
            LookUpProblem::NotAnAddress { line } => {
                assert!(line.starts_with("schemas.upnp.org"), "{line}");
                assert!(!line.chars().any(char::is_control), "{line:?}");
            }
            other => assert_eq!(other, LookUpProblem::NotUnderstood),
        }
    }
}

#[tokio::test]
async fn a_question_by_nat_pmp_that_is_answered_by_its_successor_ends_at_once() {
    // tailscale#2563 (2021-08-01): answers of version 2 to questions of version 0.
    let short: &[u8] = &[2, 128];
    let whole = [&[2, 128, 0, 1, 0, 0, 0, 0, 0, 0, 0, 9][..], &[0; 12]].concat();
    for packet in [short, &whole] {
        let router = SimulatedRouter::silent().await;
        router.add_natpmp(HERE, packet);
        assert_eq!(router.look_up(Family::Ipv4).await, no_answer(LookUpProblem::NoRouter));
        assert_eq!(router.natpmp_questions(), 1, "{packet:?}");
    }
}

#[tokio::test]
async fn where_a_subscription_to_a_connection_is_refused_its_line_is_heard() {
    // home-assistant#125462 (2024-10-17): a Technicolor Cobra refuses every subscription to some of its services.
    let router = SimulatedRouter::good().await;
    let line = "<service><serviceType>urn:schemas-upnp-org:service:WANCommonInterfaceConfig:1</serviceType>\
                <controlURL>/l</controlURL><eventSubURL>/line</eventSubURL></service></serviceList>";
    let described = description("/ctl", "/evt").replacen("</serviceList>", line, 1);
    router.on("GET /desc.xml", Act::status(200, described));
    router.on("SUBSCRIBE /evt", Act::status(412, ""));
    router.on("SUBSCRIBE /line", Act::subscribed("uuid:9"));
    let dyntray = router.handle();
    assert_eq!(dyntray.look_up(Family::Ipv4).await, upnp(known(IPV4)));
    router.wait_for("SUBSCRIBE /line", 1).await;
}

#[tokio::test]
async fn a_description_that_hangs_does_not_hide_the_others_and_their_number_is_bounded() {
    let router = SimulatedRouter::good().await;
    router.hide();
    for path in ["/a.xml", "/b.xml", "/desc.xml"] {
        router.add_location(HERE, &router.page(path));
    }
    router.on("GET /a.xml", Act::Hang);
    router.on("GET /b.xml", Act::Drip(b"HTTP/1.1 200 OK\r\n".to_vec(), b"X: y\r\n".to_vec()));
    assert_eq!(router.look_up(Family::Ipv4).await, upnp(known(IPV4)));

    let crowded = SimulatedRouter::silent().await;
    for at in 0..100 {
        crowded.add_location(HERE, &crowded.page(&format!("/{at}.xml")));
    }
    assert_eq!(crowded.look_up(Family::Ipv4).await, no_answer(LookUpProblem::NoRouter));
    // Each search reads the same ones.
    let read: std::collections::HashSet<_> = crowded.requests().into_iter().collect();
    assert!(read.len() <= 12, "{read:#?}");
}

#[tokio::test]
async fn a_lost_packet_is_asked_for_in_a_second_round() {
    let router = SimulatedRouter::good().await;
    router.hide();
    let (dyntray, page) = (router.handle(), router.page("/desc.xml"));
    let look_up = tokio::spawn(async move { dyntray.look_up(Family::Ipv4).await });
    tokio::time::sleep(Duration::from_millis(400)).await;
    router.add_location(HERE, &page);
    assert_eq!(look_up.await.expect("an answer"), upnp(known(IPV4)));
}

/// The callback of a subscription: address and path.
fn callback(subscribe: &str) -> (SocketAddrV4, String) {
    let url = header(subscribe, "callback").expect("a callback");
    let rest = url.strip_prefix("<http://").and_then(|url| url.strip_suffix('>')).expect("one URL");
    let (address, path) = rest.split_once('/').expect("a path");
    (address.parse().expect("an address"), format!("/{path}"))
}

async fn is_notified(dyntray: &Router) -> bool {
    tokio::time::timeout(SOON, dyntray.changed()).await.is_ok()
}

#[tokio::test]
async fn events_are_read_as_routers_send_them() {
    let event = |inner: &str| {
        format!(
            "<e:propertyset xmlns:e=\"urn:schemas-upnp-org:event-1-0\"><e:property>{inner}</e:property></e:propertyset>"
        )
    };
    let plain = event("<ExternalIPAddress>84.160.12.8</ExternalIPAddress>");
    let types = "NT: upnp:event\r\nNTS: upnp:propchange\r\n";
    let cases = [
        ("as it should be", format!("{types}SID: uuid:1a\r\n"), plain.clone()),
        ("without its types", "SID: uuid:1a\r\n".to_owned(), plain.clone()),
        ("without one of them", "NTS: upnp:propchange\r\nSID: uuid:1a\r\n".to_owned(), plain.clone()),
        ("a bare SID", format!("{types}SID: 1a\r\n"), plain.clone()),
        ("an SID in capitals", format!("{types}SID: UUID:1A\r\n"), plain.clone()),
        (
            "names in lower case",
            "nt: upnp:event\r\nnts: upnp:propchange\r\nsid: uuid:1a\r\n".to_owned(),
            plain.clone(),
        ),
        ("a space before the colon", format!("{types}SID : uuid:1a\r\n"), plain.clone()),
        ("a folded line", format!("{types}SID:\r\n uuid:1a\r\n"), plain.clone()),
        (
            "a bare &",
            format!("{types}SID: uuid:1a\r\n"),
            event("<N>a & b</N><ExternalIPAddress>84.160.12.8</ExternalIPAddress>"),
        ),
        (
            "undeclared prefixes",
            format!("{types}SID: uuid:1a\r\n"),
            plain.replace(" xmlns:e=\"urn:schemas-upnp-org:event-1-0\"", ""),
        ),
    ];
    let stories = cases.into_iter().flat_map(|(name, fields, body)| {
        [Length::Right, Length::None, Length::TooLong, Length::Chunks]
            .map(|length| (name, fields.clone(), body.clone(), length))
    });
    let stories = stories.map(|(name, fields, body, length)| async move {
        let router = SimulatedRouter::good().await;
        router.on("SUBSCRIBE /evt", Act::subscribed("uuid:1a"));
        let dyntray = router.handle();
        assert_eq!(dyntray.look_up(Family::Ipv4).await, upnp(known(IPV4)));
        let (address, path) = callback(&router.wait_for("SUBSCRIBE /evt", 1).await);
        let start = Instant::now();
        let status = send_event(address, &path, &fields, &body, length).await;
        assert_eq!(status, Some(200), "{name} {length:?}");
        assert!(start.elapsed() < Duration::from_secs(1), "{name} {length:?}: {:?}", start.elapsed());
        assert!(is_notified(&dyntray).await, "{name} {length:?}");
    });
    together(stories.collect()).await;
}

#[derive(Clone, Copy, Debug)]
enum Length {
    Right,
    None,
    TooLong,
    Chunks,
}

/// Sends an event, and keeps the connection open until there is an answer.
async fn send_event(to: SocketAddrV4, path: &str, fields: &str, body: &str, length: Length) -> Option<u16> {
    let head = format!("NOTIFY {path} HTTP/1.1\r\n{fields}");
    let size = body.len();
    match length {
        Length::Right => notify(HERE, to, &head, body).await,
        Length::None => raw(to, &format!("{head}\r\n{body}")).await,
        Length::TooLong => raw(to, &format!("{head}Content-Length: {}\r\n\r\n{body}", size + 50)).await,
        Length::Chunks => {
            raw(to, &format!("{head}Transfer-Encoding: chunked\r\n\r\n{size:x}\r\n{body}\r\n")).await
        }
    }
}

async fn raw(to: SocketAddrV4, request: &str) -> Option<u16> {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let mut stream = tokio::net::TcpStream::connect(to).await.ok()?;
    stream.write_all(request.as_bytes()).await.ok()?;
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer).await;
    answer.split_whitespace().nth(1)?.parse().ok()
}

/// A line of a router: its state, its address, and the type of its service.
type Line = (&'static str, &'static str, &'static str);

/// A router with these lines, at `/0`, `/1` and so on.
async fn with_lines(lines: &[Line]) -> SimulatedRouter {
    let router = SimulatedRouter::good().await;
    let services: Vec<_> = (0..lines.len())
        .map(|at| {
            format!(
                "<service><serviceType>urn:schemas-upnp-org:service:{}</serviceType><controlURL>/{at}</controlURL>\
                 <eventSubURL>/evt{at}</eventSubURL></service>",
                lines[at].2
            )
        })
        .collect();
    let described = format!(
        "<root xmlns=\"urn:schemas-upnp-org:device-1-0\"><device><serviceList>{}</serviceList></device></root>",
        services.concat()
    );
    router.on("GET /desc.xml", Act::status(200, described));
    for (at, (state, address, _)) in lines.iter().enumerate() {
        if !state.is_empty() {
            router.on(&format!("/{at}#GetStatusInfo"), status(state));
        }
        router.on(&format!("/{at}#GetExternalIPAddress"), Act::external(address));
    }
    router
}

#[tokio::test]
async fn of_several_lines_the_connected_and_public_one_counts() {
    const IP: &str = "WANIPConnection:1";
    const PPP: &str = "WANPPPConnection:1";
    const STALE: &str = "84.160.12.66";
    let public = || upnp(known(IPV4));
    let down = || no_answer(LookUpProblem::Unreachable);
    let cases: [(&str, Vec<Line>, RouterAnswer); 9] = [
        ("one line", vec![("Connected", IPV4, IP)], public()),
        ("one line that is down with a stale address", vec![("Disconnected", STALE, IP)], down()),
        ("connecting", vec![("Connecting", STALE, PPP)], down()),
        // ARRIS NVG578LX (tailscale#15223, 2025-03-08): IP beside PPP, of which one is idle.
        ("a stale one first", vec![("Disconnected", STALE, PPP), ("Connected", IPV4, IP)], public()),
        ("a private one first", vec![("Connected", "10.20.30.40", IP), ("Connected", IPV4, PPP)], public()),
        ("one without a state first", vec![("", STALE, IP), ("Connected", IPV4, PPP)], public()),
        (
            "the last of eight",
            [vec![("Unconfigured", STALE, IP); 7], vec![("Connected", IPV4, PPP)]].concat(),
            public(),
        ),
        ("no state at all", vec![("", "0.0.0.0", IP), ("", IPV4, PPP)], public()),
        ("all down", vec![("Disconnected", STALE, IP), ("Disconnected", "84.160.12.67", PPP)], down()),
    ];
    let stories = cases.into_iter().map(|(name, lines, answer)| async move {
        let router = with_lines(&lines).await;
        assert_eq!(router.look_up(Family::Ipv4).await, answer, "{name}");
        assert!(router.count("GetExternalIPAddress") >= lines.len(), "{name}: all are read");
    });
    together(stories.collect()).await;
}

#[tokio::test]
async fn a_line_that_hangs_does_not_hide_another_one() {
    let router =
        with_lines(&[("Connected", IPV4, "WANPPPConnection:1"), ("Connected", IPV4, "WANIPConnection:1")])
            .await;
    router.on("/0#GetStatusInfo", Act::Hang);
    router.on("/0#GetExternalIPAddress", Act::Hang);
    let answer = router.look_up(Family::Ipv4).await;
    assert_eq!(answer, upnp(known(IPV4)));
}

#[tokio::test]
async fn a_private_line_beside_one_that_is_down_is_told_with_its_address() {
    let router = with_lines(&[
        ("Disconnected", "84.160.12.66", "WANPPPConnection:1"),
        ("Connected", "192.168.1.3", "WANIPConnection:1"),
    ])
    .await;
    let address: Ipv4Addr = "192.168.1.3".parse().expect("an address");
    let why =
        dyntray_core::observe::observation::admit(Family::Ipv4, address.into()).expect_err("a private one");
    assert_eq!(router.look_up(Family::Ipv4).await, upnp(unavailable(why)));
}

#[tokio::test]
async fn a_router_that_keeps_its_address_for_itself_blames_nobody_unless_something_else_tells() {
    let kept = || LookUpProblem::AddressKept { next: None, outer: None };
    let natpmp = |address: [u8; 4]| [&[0, 128, 0, 0, 0, 0, 0, 9][..], &address].concat();
    let not_public = |address: &str| {
        let ip: std::net::IpAddr = address.parse().expect("an address");
        unavailable(
            dyntray_core::observe::observation::admit(Family::Ipv4, ip).expect_err("not a public one"),
        )
    };
    let avm = Act::values("X_AVM_DE_GetExternalIPv6Address", &[("NewExternalIPv6Address", "2003:e1:1:2::1")]);
    let cases = [
        ("nothing else tells", None, None, upnp(unavailable(kept()))),
        ("a FRITZ!Box", Some(avm.clone()), None, upnp(unavailable(LookUpProblem::DsLite))),
        (
            "NAT-PMP tells a carrier's",
            None,
            Some(natpmp([100, 64, 1, 2])),
            simulated_router::natpmp(not_public("100.64.1.2")),
        ),
        (
            "NAT-PMP tells a home's",
            None,
            Some(natpmp([192, 168, 0, 2])),
            simulated_router::natpmp(not_public("192.168.0.2")),
        ),
        ("NAT-PMP tells nothing either", None, Some(natpmp([0, 0, 0, 0])), upnp(unavailable(kept()))),
        ("NAT-PMP refuses", None, Some(vec![0, 128, 0, 3, 0, 0, 0, 9]), upnp(unavailable(kept()))),
    ];
    let stories = cases.into_iter().flat_map(|(name, ipv6, natpmp, answer)| {
        ["", "0.0.0.0"].map(|written| (name, written, ipv6.clone(), natpmp.clone(), answer.clone()))
    });
    let stories = stories.map(|(name, written, ipv6, natpmp, answer)| async move {
        let router = SimulatedRouter::good().await;
        router.on("GetStatusInfo", status("Connected"));
        router.on("GetExternalIPAddress", Act::external(written));
        if let Some(ipv6) = ipv6 {
            router.on("X_AVM_DE_GetExternalIPv6Address", ipv6);
        }
        if let Some(packet) = natpmp {
            router.add_natpmp(HERE, &packet);
        }
        assert_eq!(router.look_up(Family::Ipv4).await, answer, "{name} {written:?}");
    });
    together(stories.collect()).await;
}

/// What a FRITZ!Box says to a question that wants a login.
fn wants_a_login() -> Act {
    Act::with(401, "WWW-Authenticate: Digest realm=\"HTTPS Access\",nonce=\"1\"\r\n", "Unauthorized")
}

/// A FRITZ!Box's description by TR-064: one connection for each protocol, and the line (gethomepage#371, 2023-01-25).
fn tr64desc() -> String {
    let services: Vec<_> = [
        ("DeviceInfo:1", "/upnp/control/deviceinfo"),
        ("WANCommonInterfaceConfig:1", "/upnp/control/wancommonifconfig1"),
        ("WANPPPConnection:1", "/upnp/control/wanpppconn1"),
        ("WANIPConnection:1", "/upnp/control/wanipconnection1"),
    ]
    .iter()
    .map(|(kind, url)| {
        format!(
            "<service><serviceType>urn:dslforum-org:service:{kind}</serviceType><controlURL>{url}</controlURL>\
             <eventSubURL>{url}</eventSubURL></service>"
        )
    })
    .collect();
    format!(
        "<?xml version=\"1.0\"?><root xmlns=\"urn:dslforum-org:device-1-0\"><device><manufacturer>AVM</manufacturer>\
         <modelName>FRITZ!Box 7590</modelName><serviceList>{}</serviceList></device></root>",
        services.concat()
    )
}

/// A FRITZ!Box whose status by UPnP is switched off, and which is found by its own search target.
async fn silent_fritz_box() -> SimulatedRouter {
    let router = SimulatedRouter::fritz_box().await;
    let tr64 = "HTTP/1.1 200 OK\r\nST: urn:dslforum-org:device:InternetGatewayDevice:1\r\nLOCATION: ";
    let answer = format!("{tr64}{}\r\n\r\n", router.page("/tr64desc.xml"));
    router.add_answer("urn:dslforum-org:device:InternetGatewayDevice:1", answer);
    router.on("GET /tr64desc.xml", Act::status(200, tr64desc()));
    for action in ["GetStatusInfo", "GetExternalIPAddress"] {
        router.on(action, wants_a_login());
    }
    router
}

#[tokio::test]
async fn a_fritz_box_whose_status_is_switched_off_is_called_that() {
    let router = silent_fritz_box().await;
    let dyntray = router.handle();
    for family in [Family::Ipv4, Family::Ipv6] {
        assert_eq!(dyntray.look_up(family).await, no_answer(LookUpProblem::FritzBoxSilent), "{family:?}");
    }
    // As soon as it is switched on, it is asked.
    router.add_location(HERE, &router.page("/desc.xml"));
    router.on("GET /desc.xml", Act::status(200, simulated_router::description("/ctl", "/evt")));
    router.on("/ctl#GetExternalIPAddress", Act::external(IPV4));
    tokio::time::timeout(Duration::from_secs(10), dyntray.changed()).await.expect("it is told");
    assert_eq!(dyntray.look_up(Family::Ipv4).await, upnp(known(IPV4)));
}

#[tokio::test]
async fn a_fritz_box_that_wants_a_login_is_asked_once_for_each_search() {
    for refusal in [wants_a_login(), Act::fault(606)] {
        let router = silent_fritz_box().await;
        let router = router.searching_again_after(Duration::from_mins(5));
        for action in ["GetStatusInfo", "GetExternalIPAddress"] {
            router.on(action, refusal.clone());
        }
        let dyntray = router.handle();
        for _ in 0..4 {
            assert_eq!(dyntray.look_up(Family::Ipv4).await, no_answer(LookUpProblem::FritzBoxSilent));
        }
        // Two connections, each for its state and for its address.
        let posts = router.requests().iter().filter(|head| head.starts_with("POST")).count();
        assert!(posts <= 4, "{:#?}", router.requests());
    }
}

#[tokio::test]
async fn a_fritz_box_that_tells_its_address_by_tr064_without_a_login_is_believed() {
    // As before FRITZ!OS 7 (msxfaq.de, "Fritz!Box Monitoring"). On a line with PPP the other connection is idle.
    let router = silent_fritz_box().await;
    router.on("/upnp/control/wanpppconn1#GetStatusInfo", status("Connected"));
    router.on("/upnp/control/wanpppconn1#GetExternalIPAddress", Act::external(IPV4));
    router.on("/upnp/control/wanipconnection1#GetStatusInfo", status("Unconfigured"));
    router.on("/upnp/control/wanipconnection1#GetExternalIPAddress", Act::external("0.0.0.0"));
    let dyntray = router.handle();
    assert_eq!(dyntray.look_up(Family::Ipv4).await, upnp(known(IPV4)));
    let asked = router.wait_for("GetExternalIPAddress", 1).await;
    assert!(asked.contains("\"urn:dslforum-org:service:WAN"), "{asked}");
    // It tells any address that it has. Without one it has DS-Lite.
    router.on("/upnp/control/wanpppconn1#GetExternalIPAddress", Act::external("0.0.0.0"));
    assert_eq!(dyntray.look_up(Family::Ipv4).await, upnp(unavailable(LookUpProblem::DsLite)));
}

#[tokio::test]
async fn a_fritz_box_is_found_at_its_usual_places_where_searches_get_no_answer() {
    let router = SimulatedRouter::fritz_box().await;
    router.on("GET /igddesc.xml", Act::status(200, description("/ctl", "/evt")));
    router.on("GetExternalIPAddress", Act::external(IPV4));
    assert_eq!(router.look_up(Family::Ipv4).await, upnp(known(IPV4)));

    let silent = SimulatedRouter::fritz_box().await;
    silent.on("GET /tr64desc.xml", Act::status(200, tr64desc()));
    assert_eq!(silent.look_up(Family::Ipv4).await, no_answer(LookUpProblem::FritzBoxSilent));
}

#[tokio::test]
async fn the_line_of_a_box_that_tells_no_address_is_heard() {
    let router = silent_fritz_box().await;
    // The connections' events want a login, too.
    let line = "SUBSCRIBE /upnp/control/wancommonifconfig1";
    router.on(line, Act::subscribed("uuid:9"));
    let dyntray = router.handle();
    assert_eq!(dyntray.look_up(Family::Ipv4).await, no_answer(LookUpProblem::FritzBoxSilent));
    let (address, path) = callback(&router.wait_for(line, 1).await);
    let fields = "NT: upnp:event\r\nNTS: upnp:propchange\r\nSID: uuid:9\r\n";
    let event = |word: &str| {
        format!(
            "<e:propertyset xmlns:e=\"urn:schemas-upnp-org:event-1-0\"><e:property><PhysicalLinkStatus>{word}\
             </PhysicalLinkStatus></e:property></e:propertyset>"
        )
    };
    // The first one tells how it is.
    assert_eq!(send_event(address, &path, fields, &event("Down"), Length::Right).await, Some(200));
    let told = tokio::time::timeout(SOON, dyntray.changed()).await;
    assert!(told.is_err(), "nothing changed");
    assert_eq!(send_event(address, &path, fields, &event("Up"), Length::Right).await, Some(200));
    assert!(is_notified(&dyntray).await);
    // Nothing in it is an address.
    assert_eq!(dyntray.look_up(Family::Ipv4).await, no_answer(LookUpProblem::FritzBoxSilent));
    assert_eq!(router.count("UNSUBSCRIBE /upnp/control/wancommonifconfig1"), 0);
    // Meanwhile it is searched on, in case that its status is switched on.
    router.on("GET /igddesc.xml", Act::status(200, description("/ctl", "/evt")));
    router.on("/ctl#GetExternalIPAddress", Act::external(IPV4));
    tokio::time::timeout(Duration::from_secs(15), dyntray.changed()).await.expect("it is told");
    assert_eq!(dyntray.look_up(Family::Ipv4).await, upnp(known(IPV4)));
}

#[tokio::test]
async fn a_line_is_heard_only_where_no_connection_is() {
    for (events, lines) in [("/evt", 0), ("", 1)] {
        let router = SimulatedRouter::good().await;
        let line = "<service><serviceType>urn:schemas-upnp-org:service:WANCommonInterfaceConfig:1</serviceType>\
                    <controlURL>/l</controlURL><eventSubURL>/line</eventSubURL></service></serviceList>";
        let described = description("/ctl", events).replacen("</serviceList>", line, 1);
        router.on("GET /desc.xml", Act::status(200, described));
        router.on("SUBSCRIBE /line", Act::subscribed("uuid:9"));
        let dyntray = router.handle();
        assert_eq!(dyntray.look_up(Family::Ipv4).await, upnp(known(IPV4)));
        router.wait_for(if lines == 0 { "SUBSCRIBE /evt" } else { "SUBSCRIBE /line" }, 1).await;
        assert_eq!(router.count("SUBSCRIBE /line"), lines, "{events:?}");
    }
}
