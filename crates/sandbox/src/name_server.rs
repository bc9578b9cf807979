//! The name server: the zones over UDP and TCP.

use std::sync::Arc;
use std::time::Duration;

use hickory_server::Server;
use hickory_server::net::runtime::Time;
use hickory_server::proto::op::{Edns, Header, HeaderCounts, MessageType, Metadata, OpCode, ResponseCode};
use hickory_server::server::{Request, RequestHandler, ResponseHandler, ResponseInfo};
use hickory_server::zone_handler::MessageResponseBuilder;
use tokio::net::{TcpListener, UdpSocket};
use tokio::sync::watch;

use crate::service::Service;
use crate::zones::{self, Answer};

/// How long a TCP connection may be silent.
const SLOWEST: Duration = Duration::from_secs(5);
/// Answers that may wait for a slow TCP client.
const ANSWERS_WAITING: usize = 8;
/// The largest UDP answer, safe from fragments; ours are far smaller.
const LARGEST_ANSWER: u16 = 1232;

struct NameServer(Arc<Service>);

/// Answers until told to stop.
pub(crate) async fn serve(
    socket: UdpSocket,
    listener: TcpListener,
    service: Arc<Service>,
    mut stopping: watch::Receiver<bool>,
) {
    let mut server = Server::new(NameServer(service));
    server.register_socket(socket);
    server.register_listener(listener, SLOWEST, ANSWERS_WAITING);
    let _ = stopping.wait_for(|stop| *stop).await; // an error means that the sandbox was dropped
    server.shutdown_token().cancel();
    // Dropping the server ends what is left.
    let _ = tokio::time::timeout(Duration::from_millis(200), server.block_until_done()).await;
}

impl NameServer {
    async fn answer(&self, request: &Request) -> Answer {
        if request.metadata.message_type != MessageType::Query {
            return Answer::only(ResponseCode::FormErr);
        }
        if request.metadata.op_code != OpCode::Query {
            return Answer::only(ResponseCode::NotImp);
        }
        if request.edns.as_ref().is_some_and(|edns| edns.version() > 0) {
            return Answer::only(ResponseCode::BADVERS);
        }
        let [query] = request.queries.queries() else {
            return Answer::only(ResponseCode::FormErr);
        };
        let asked = query.original().clone();
        let work = move |service: &Service| {
            let (name, class, kind) = (asked.name(), asked.query_class(), asked.query_type());
            service.store.with(|db| zones::answer(db, name, class, kind))
        };
        self.0.blocking(work).await.unwrap_or_else(|error| {
            tracing::error!(%error, "the name server failed");
            Answer::only(ResponseCode::ServFail)
        })
    }
}

#[async_trait::async_trait]
impl RequestHandler for NameServer {
    async fn handle_request<R: ResponseHandler, T: Time>(
        &self,
        request: &Request,
        mut response: R,
    ) -> ResponseInfo {
        let answer = self.answer(request).await;
        let mut metadata = Metadata::response_from_request(&request.metadata);
        metadata.response_code = answer.code;
        metadata.authoritative = answer.authoritative;
        let mut edns = Edns::new();
        edns.set_max_payload(LARGEST_ANSWER).set_version(0).set_rcode_high(answer.code.high());
        let message = MessageResponseBuilder::new(&request.queries, request.edns.is_some().then_some(&edns))
            .build(metadata, &answer.answers, [], &answer.soa, []);
        response.send_response(message).await.unwrap_or_else(|error| {
            tracing::debug!(%error, "an answer of the name server could not be sent");
            ResponseInfo::from(Header { metadata, counts: HeaderCounts::default() })
        })
    }
}
